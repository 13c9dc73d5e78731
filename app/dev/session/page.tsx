/** The session from every side, for whoever develops with it. Never in production. */
import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { connection } from "next/server"
import { Countdown } from "@/components/dev/countdown"
import { FactsCard } from "@/components/dev/facts"
import { HookFacts } from "@/components/dev/hook-facts"
import { PageShell } from "@/components/layout/page-shell"
import { SessionProvider } from "@/components/session-provider"
import { env } from "@/lib/env"
import { handSession } from "@/lib/session"
import { type CookieFacts, inspectSession } from "@/lib/sessions/inspect"
import { policy } from "@/lib/sessions/policy"

export const metadata: Metadata = { title: "Session" }

export default async function DevSessionPage() {
  // Before the refusal, so that the 404 is made per request and its scripts carry a nonce.
  await connection()
  if (env.NODE_ENV === "production") notFound()
  const { session } = await handSession()
  const { cookies, reads } = await inspectSession()
  const serverNow = Date.now()

  return (
    <PageShell>
      <div className="mx-auto grid w-full max-w-3xl gap-6 py-8 sm:py-10">
        <div className="flex flex-col gap-1">
          <h1 className="font-semibold text-xl leading-7">Session</h1>
          <p className="text-muted-foreground">
            What the browser&apos;s hook, its cookies and the server know. In development only.
          </p>
        </div>
        <SessionProvider session={session}>
          <HookFacts serverNow={serverNow} />
        </SessionProvider>
        <FactsCard
          id="cookies"
          title="The cookies"
          description="As this request brought them: HttpOnly, so no script sees them. Values are not shown."
          facts={Object.fromEntries(
            cookies.map((cookie) => [
              cookie.name.replace(/^.*\./, ""),
              <CookieLine key={cookie.name} cookie={cookie} serverNow={serverNow} />,
            ]),
          )}
        />
        <FactsCard
          id="server"
          title="The server"
          description="The session of this request, read in two ways while the page was made."
          facts={Object.fromEntries(
            reads.map(({ how, microseconds, session: read, answered }) => [
              how,
              `${answered ? (read?.session.id ?? "null") : "The database did not answer"} · ${microseconds} µs`,
            ]),
          )}
        />
        <FactsCard
          id="limits"
          title="The limits"
          description="What is in force on this server: durations in seconds, the limit in sessions."
          facts={Object.fromEntries(
            Object.entries(policy).map(([name, value]) => [`policy.${name}`, value]),
          )}
        />
      </div>
    </PageShell>
  )
}

/** What a cookie is for, and its age: never what is in it. */
function CookieLine({ cookie, serverNow }: { cookie: CookieFacts; serverNow: number }) {
  const { what, bytes, writtenAt, lapsesAt } = cookie
  return (
    <>
      <span className="block">{what}</span>
      <span className="block text-muted-foreground">
        {bytes === null ? "Not sent" : `${bytes} bytes`}
        {bytes !== null && writtenAt && " · written "}
        {bytes !== null && writtenAt && <Countdown date={writtenAt} serverNow={serverNow} />}
        {bytes !== null && lapsesAt && " · lapses "}
        {bytes !== null && lapsesAt && <Countdown date={lapsesAt} serverNow={serverNow} />}
      </span>
    </>
  )
}
