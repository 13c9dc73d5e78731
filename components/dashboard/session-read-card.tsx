/** A lesson in place: how the server knew who asked for this very page, and the files that did it. */
import { GeistMono } from "geist/font/mono"
import type { ReactNode } from "react"
import { TimeAgo } from "@/components/time-ago"
import { Badge } from "@/components/ui/badge"
import {
  Card,
  CardContent,
  CardDescription,
  CardFooter,
  CardHeader,
  CardTitle,
} from "@/components/ui/card"
import { exactTime } from "@/lib/time"
import { ReadAgain } from "./read-again"

export type SessionRead = {
  source: "cookie" | "database"
  microseconds: number
  cacheExpiresAt: Date | null
  sessionExpiresAt: Date | null
}

const number = new Intl.NumberFormat("en")

const files = [
  { name: "middleware.ts", does: "saw a session cookie and let the request through: a hint" },
  { name: "lib/session.ts", does: "requireSession() decided, once for this render: the guard" },
  { name: "lib/auth.ts", does: "says how long sessions and their cached copies live" },
]

export function SessionReadCard({ read, serverNow }: { read: SessionRead; serverNow: number }) {
  const { source, microseconds, cacheExpiresAt, sessionExpiresAt } = read
  return (
    <Card aria-labelledby="session-read" className={GeistMono.variable}>
      <CardHeader>
        <CardTitle id="session-read">How your session was read</CardTitle>
        <CardDescription>Measured on the server while it made this page.</CardDescription>
      </CardHeader>
      <CardContent>
        <dl className="divide-y border-y">
          <Fact
            term="Source"
            note={
              source === "cookie"
                ? "A signed copy in your cookie: no database query."
                : "There was no valid copy in your cookie, so the row was read."
            }
          >
            {source === "cookie" ? (
              <Badge variant="brand">Cookie cache</Badge>
            ) : (
              <Badge>Database</Badge>
            )}
          </Fact>
          <Fact term="Time taken" note="From the request's cookies to the user's name.">
            <span className="font-mono">{number.format(Math.round(microseconds))} µs</span>
          </Fact>
          <Fact term="Cookie cache lapses" note="After that, one read asks the database again.">
            {cacheExpiresAt ? <Moment date={cacheExpiresAt} serverNow={serverNow} /> : "Not cached"}
          </Fact>
          <Fact term="Session expires" note="Moves on while you keep coming back.">
            {sessionExpiresAt && <Moment date={sessionExpiresAt} serverNow={serverNow} />}
          </Fact>
        </dl>
        <h3 className="mt-5 mb-2 font-medium">The code that did it</h3>
        <ul className="flex flex-col gap-2">
          {files.map(({ name, does }) => (
            <li key={name} className="grid gap-x-4 sm:grid-cols-[9rem_1fr]">
              <code className="font-mono text-[13px]">{name}</code>
              <span className="text-muted-foreground">{does}</span>
            </li>
          ))}
        </ul>
      </CardContent>
      <CardFooter>
        <p>
          {source === "cookie"
            ? "Come back once the copy has lapsed to see the database asked."
            : "Reading again renews the copy first: a page cannot set cookies."}
        </p>
        <ReadAgain />
      </CardFooter>
    </Card>
  )
}

function Fact({ term, note, children }: { term: string; note: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-4 py-3">
      <dt className="font-medium">{term}</dt>
      <dd className="row-span-2 text-right">{children}</dd>
      <dd className="text-muted-foreground">{note}</dd>
    </div>
  )
}

function Moment({ date, serverNow }: { date: Date; serverNow: number }) {
  return (
    <>
      <TimeAgo date={date} serverNow={serverNow} />
      <span className="hidden text-muted-foreground sm:block">{exactTime(date)}</span>
    </>
  )
}
