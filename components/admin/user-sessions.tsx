"use client"
/** Where a user is signed in, and the ways to end that. */
import { useRef } from "react"
import { DeviceIcon } from "@/components/settings/device-icon"
import { SessionNames } from "@/components/settings/session-names"
import { deviceCount, sessionDetails, sessionName } from "@/components/settings/session-words"
import { TimeAgo } from "@/components/time-ago"
import { Alert } from "@/components/ui/alert"
import { Badge } from "@/components/ui/badge"
import { Card, CardFooter, CardHeader, CardTitle } from "@/components/ui/card"
import type { AdminSession, AdminUser } from "@/lib/admin/view"
import { ConfirmButton } from "./confirm-button"
import { useAct } from "./use-act"

export type UserSessionsProps = { user: AdminUser; sessions: AdminSession[]; serverNow: number }

export function UserSessions({ user, sessions, serverNow }: UserSessionsProps) {
  const { act, asking, isBusy, failure } = useAct()
  const title = useRef<HTMLHeadingElement>(null)
  const userId = user.id
  const others = sessions.filter(({ current }) => !current)

  /** The row or button that had the focus is gone once it is done. */
  async function end(...what: Parameters<typeof act>) {
    if (await act(...what)) title.current?.focus({ preventScroll: true })
  }

  const signOut = ({ id, device }: AdminSession) =>
    end(id, (client) => client.revokeUserSession({ userId, id }), `Signed out ${device.label}`)

  const signOutEverywhere = () =>
    end(
      "everywhere",
      (client) => client.revokeUserSessions({ userId }),
      `Signed ${user.name} out everywhere`,
    )

  return (
    <Card aria-labelledby="sessions">
      <CardHeader className="flex-row items-baseline justify-between">
        <CardTitle ref={title} id="sessions" tabIndex={-1}>
          Sessions
        </CardTitle>
        {sessions.length > 0 && (
          <p className="text-muted-foreground">{deviceCount(sessions.length)}</p>
        )}
      </CardHeader>
      {failure && (
        <div className="px-4 pb-4 sm:px-6">
          <Alert variant="destructive">{failure}</Alert>
        </div>
      )}
      {sessions.length === 0 ? (
        <p className="px-4 pb-5 text-muted-foreground sm:px-6">Signed in nowhere.</p>
      ) : (
        <ul className="divide-y border-t">
          {sessions.map((session) => (
            <SessionItem
              key={session.id}
              user={user}
              session={session}
              serverNow={serverNow}
              pending={asking === session.id}
              disabled={isBusy}
              onSignOut={() => signOut(session)}
            />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <CardFooter className="justify-end">
          <ConfirmButton
            variant="danger"
            pending={asking === "everywhere"}
            disabled={isBusy}
            title={`Sign ${user.name} out everywhere?`}
            description={`${deviceCount(others.length)} will have to sign in again.`}
            subject={<SessionNames sessions={others} />}
            answer="Sign out"
            isHarmful
            onConfirm={signOutEverywhere}
            className="max-sm:w-full"
          >
            Sign out everywhere
          </ConfirmButton>
        </CardFooter>
      )}
    </Card>
  )
}

type SessionItemProps = {
  user: AdminUser
  session: AdminSession
  serverNow: number
  pending: boolean
  disabled: boolean
  onSignOut: () => void
}

function SessionItem(props: SessionItemProps) {
  const { user, session, serverNow, pending, disabled, onSignOut } = props
  const { id, name, device, current, impersonated, lastActiveAt } = session
  return (
    <li className="grid grid-cols-[auto_1fr_auto] items-start gap-x-3 gap-y-1 px-4 py-3 sm:gap-x-4 sm:px-6">
      <span className="mt-0.5 grid size-9 place-items-center rounded-md bg-secondary text-muted-foreground">
        <DeviceIcon type={device.type} />
      </span>
      <div className="min-w-0">
        <div className="flex min-h-6 flex-wrap items-center gap-x-2">
          <span className="wrap-anywhere font-medium">{device.label}</span>
          {current && <Badge variant="brand">This device</Badge>}
          {impersonated && <Badge>Opened by an administrator</Badge>}
          {name && <span className="wrap-anywhere text-muted-foreground">{name}</span>}
        </div>
        <p id={`${id}-details`} className="wrap-anywhere text-muted-foreground">
          {sessionDetails(session)}
        </p>
        <p className="text-muted-foreground">
          Active <TimeAgo date={lastActiveAt} serverNow={serverNow} />
        </p>
      </div>
      {!current && (
        <ConfirmButton
          variant="danger"
          size="sm"
          aria-label={`Sign out ${device.label}`}
          aria-describedby={`${id}-details`}
          pending={pending}
          disabled={disabled}
          title={`Sign out ${sessionName(session)}?`}
          description={`${user.name} will have to sign in there again.`}
          answer="Sign out"
          isHarmful
          onConfirm={onSignOut}
        >
          Sign out
        </ConfirmButton>
      )}
    </li>
  )
}
