"use client"
/**
 * "Active sessions": every device that is signed in, this one first, and the ways to sign them out.
 * It shows the server's rows from the first paint and keeps them current while it is looked at.
 */
import { useRef } from "react"
import { toast } from "sonner"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { Card, CardFooter, CardHeader, CardTitle } from "@/components/ui/card"
import type { SessionListItem } from "@/lib/sessions/view"
import { SessionRow, SessionRowSkeleton } from "./session-row"
import { deviceCount } from "./session-words"
import { SignOutOthers } from "./sign-out-others"
import { allOthers, useSessions } from "./use-sessions"

export type SessionsCardProps = {
  /** What the server listed, or null when it could not. */
  sessions: SessionListItem[] | null
  serverNow: number
}

export function SessionsCard({ sessions: initial, serverNow }: SessionsCardProps) {
  const { rows, sessions, ...list } = useSessions(initial)
  const title = useRef<HTMLHeadingElement>(null)
  const others = sessions?.filter(({ current }) => !current) ?? []
  const failedForAll = list.failures.get(allOthers)

  async function signOut(session: SessionListItem) {
    if (await list.revoke(session)) toast(`Signed out ${session.device.label}`)
  }

  async function signOutOthers() {
    const count = deviceCount(others.length, "other device")
    if (!(await list.revokeOthers(others))) return
    toast(`Signed out ${count}`)
    // The button that had the focus is disabled now.
    title.current?.focus({ preventScroll: true })
  }

  return (
    <Card aria-labelledby="active-sessions">
      <CardHeader className="flex-row items-baseline justify-between">
        <CardTitle ref={title} id="active-sessions" tabIndex={-1}>
          Active sessions
        </CardTitle>
        {sessions && <p className="text-muted-foreground">{deviceCount(sessions.length)}</p>}
      </CardHeader>
      {list.problem && (
        <div className="px-4 pb-4 sm:px-6">
          <Alert variant={sessions ? "default" : "destructive"}>
            <p>
              {sessions ? "This list may be out of date." : "Your devices could not be listed."}{" "}
              {list.problem}
            </p>
            <Button variant="outline" size="sm" disabled={list.isValidating} onClick={list.retry}>
              Try again
            </Button>
          </Alert>
        </div>
      )}
      {!sessions && !list.problem && <SessionRowSkeleton />}
      {rows && (
        <ul className="border-t">
          {rows.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              serverNow={serverNow}
              leaving={list.leaving.has(session.id)}
              failure={list.failures.get(session.id)}
              onSignOut={() => signOut(session)}
              onRename={(name) => list.rename(session, name)}
            />
          ))}
        </ul>
      )}
      {failedForAll && (
        <div className="px-4 pb-4 sm:px-6">
          <Alert variant="destructive">{failedForAll}</Alert>
        </div>
      )}
      <CardFooter>
        <p>
          {sessions && others.length === 0
            ? "You are signed in on this device only. Others are listed here once they sign in."
            : "Something you do not recognise? Sign it out and change your password."}
        </p>
        <SignOutOthers others={others} onConfirm={signOutOthers} />
      </CardFooter>
    </Card>
  )
}
