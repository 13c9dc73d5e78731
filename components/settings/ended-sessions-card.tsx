/**
 * "Ended sessions": the devices that were signed in within the last 30 days, and how each was signed
 * out. Closed until asked for, so that the page does not move when its rows arrive.
 */
import { ChevronRight } from "lucide-react"
import Link from "next/link"
import type { ReactNode } from "react"
import { TimeAgo } from "@/components/time-ago"
import { Card, CardTitle } from "@/components/ui/card"
import { type ActivityItem, mostEndings } from "@/lib/activity/view"
import { ownActivity } from "./activity-filter"
import { endingSentence } from "./activity-words"
import { DeviceIcon } from "./device-icon"
import { deviceCount, placeOf } from "./session-words"

export type EndedSessionsCardProps = {
  /** The events that ended them, or null when the server could not read them. */
  endings: ActivityItem[] | null
  serverNow: number
}

export function EndedSessionsCard({ endings, serverNow }: EndedSessionsCardProps) {
  if (!endings) return <Closed note="Could not be loaded just now" />
  if (endings.length === 0) return <Closed note="None in the last 30 days" />
  const shown = endings.slice(0, mostEndings)
  const hasMore = endings.length > shown.length
  return (
    <Card aria-labelledby="ended-sessions">
      <details className="group">
        <summary className="flex h-14 list-none items-center justify-between gap-3 px-4 transition-colors hover:bg-accent focus-visible:-outline-offset-2 sm:px-6 [&::-webkit-details-marker]:hidden">
          <Title />
          <span className="flex items-center gap-2 text-muted-foreground">
            {deviceCount(shown.length, "session")}
            {hasMore && " and more"}
            <ChevronRight
              aria-hidden="true"
              className="size-4 transition-transform group-open:rotate-90"
            />
          </span>
        </summary>
        <ul className="divide-y border-t">
          {shown.map((ending) => (
            <EndedSession key={ending.id} ending={ending} serverNow={serverNow} />
          ))}
          {hasMore && (
            <li className="px-4 py-3 text-muted-foreground sm:px-6">
              And more: see{" "}
              <Link
                href={ownActivity({ filter: "sign-outs" })}
                prefetch={false}
                className="rounded-sm text-foreground underline"
              >
                your activity
              </Link>
            </li>
          )}
        </ul>
      </details>
    </Card>
  )
}

const unnamed = (kind: ActivityItem["kind"]) =>
  kind === "impersonation-ended" ? "An administrator's session" : "Unknown device"

function EndedSession({ ending, serverNow }: { ending: ActivityItem; serverNow: number }) {
  const { kind, session, at } = ending
  const details = session && [placeOf(session), session.ipAddress].filter(Boolean).join(" · ")
  return (
    <li className="grid grid-cols-[auto_1fr] gap-x-3 px-4 py-3 sm:grid-cols-[auto_1fr_auto] sm:gap-x-4 sm:px-6">
      <span className="mt-0.5 grid size-9 place-items-center rounded-md bg-secondary text-muted-foreground">
        <DeviceIcon type={session?.device.type ?? "unknown"} />
      </span>
      <div className="flex min-h-10 min-w-0 flex-col justify-center">
        <p className="wrap-anywhere flex flex-wrap gap-x-2 font-medium">
          {session?.device.label ?? unnamed(kind)}
          {session?.name && (
            <span className="font-normal text-muted-foreground">{session.name}</span>
          )}
        </p>
        <p className="wrap-anywhere text-muted-foreground">{endingSentence(ending)}</p>
        {details && <p className="wrap-anywhere text-muted-foreground">{details}</p>}
      </div>
      <p className="col-start-2 text-muted-foreground sm:col-start-3 sm:row-start-1 sm:text-right">
        Ended <TimeAgo date={at} serverNow={serverNow} />
      </p>
    </li>
  )
}

/** The same card while the sessions are being read. */
export function EndedSessionsSkeleton() {
  return <Closed note="" />
}

function Closed({ note }: { note: ReactNode }) {
  return (
    <Card aria-labelledby="ended-sessions">
      <div className="flex h-14 items-center justify-between gap-3 px-4 sm:px-6">
        <Title />
        <p className="text-muted-foreground">{note}</p>
      </div>
    </Card>
  )
}

function Title() {
  return <CardTitle id="ended-sessions">Ended sessions</CardTitle>
}
