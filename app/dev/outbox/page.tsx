/** Every mail caught in development, newest first. It holds live links: never in production. */
import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { connection } from "next/server"
import { PageShell } from "@/components/layout/page-shell"
import { buttonVariants } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { env } from "@/lib/env"
import { listOutbox } from "@/lib/mail"
import { exactTime, relativeTime } from "@/lib/time"

export const metadata: Metadata = { title: "Outbox", referrer: "no-referrer" }

export default async function OutboxPage() {
  // Before the refusal, so that the 404 is made per request and its scripts carry a nonce.
  await connection()
  if (env.NODE_ENV === "production") notFound()
  const mails = await listOutbox()
  const now = new Date()

  return (
    <PageShell>
      <div className="mx-auto w-full max-w-3xl py-8 sm:py-10">
        <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
          <div className="flex flex-col gap-1">
            <h1 className="font-semibold text-xl leading-7">Outbox</h1>
            <p className="text-muted-foreground">
              Mail is not sent in development. It lands here, newest first.
            </p>
          </div>
          <a href="/dev/outbox" className={buttonVariants({ variant: "outline" })}>
            Refresh
          </a>
        </div>
        {mails.length === 0 && (
          <p className="rounded-lg border border-dashed px-6 py-16 text-center text-muted-foreground">
            No mail yet. Ask for a password reset, and it appears here.
          </p>
        )}
        <ul className="flex flex-col gap-4">
          {mails.map((mail) => (
            <li key={mail.id}>
              <Card>
                <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b bg-muted px-4 py-3 sm:px-6">
                  <h2 className="font-medium">{mail.subject}</h2>
                  <time
                    dateTime={new Date(mail.sentAt).toISOString()}
                    title={exactTime(new Date(mail.sentAt))}
                    className="text-muted-foreground"
                  >
                    {relativeTime(new Date(mail.sentAt), now)}
                  </time>
                  <p className="w-full break-all text-muted-foreground">To {mail.to}</p>
                </div>
                <p className="whitespace-pre-wrap break-words px-4 py-4 sm:px-6">
                  <LinkedText text={mail.text} />
                </p>
              </Card>
            </li>
          ))}
        </ul>
      </div>
    </PageShell>
  )
}

/** The text with its web addresses made into links. */
function LinkedText({ text }: { text: string }) {
  return text.split(/(https?:\/\/\S+)/).map((part, at) =>
    // Every second part is what the pattern caught.
    at % 2 === 0 ? (
      part
    ) : (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, in their order
        key={at}
        href={part}
        className="break-all rounded-sm text-brand underline underline-offset-4"
      >
        {part}
      </a>
    ),
  )
}
