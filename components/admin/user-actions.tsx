"use client"
/** What an administrator can do to an account. What hurts is asked about first. */
import { useRef, useState } from "react"
import { flushSync } from "react-dom"
import { Alert } from "@/components/ui/alert"
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card"
import { SubmitButton } from "@/components/ui/submit-button"
import type { AdminUser } from "@/lib/admin/view"
import { BanDialog, type BanTerms } from "./ban-dialog"
import { ConfirmButton } from "./confirm-button"
import { ImpersonateButton } from "./impersonate-button"
import { useAct } from "./use-act"

/** `isReader` when it is the administrator's own account, which others have to decide about. */
export function UserActions({ user, isReader }: { user: AdminUser; isReader: boolean }) {
  const title = useRef<HTMLHeadingElement>(null)
  return (
    <Card aria-labelledby="actions">
      <CardHeader>
        <CardTitle ref={title} id="actions" tabIndex={-1}>
          Actions
        </CardTitle>
        {isReader && (
          <CardDescription>
            This is your own account. Only another administrator can ban you or take your role away.
          </CardDescription>
        )}
      </CardHeader>
      {!isReader && (
        <CardContent className="flex flex-col gap-2 sm:max-lg:flex-row sm:max-lg:flex-wrap">
          <Actions user={user} onDone={() => title.current?.focus({ preventScroll: true })} />
        </CardContent>
      )}
    </Card>
  )
}

/** `onDone` takes the focus: the button that had it is another one, or gone, by then. */
function Actions({ user, onDone }: { user: AdminUser; onDone: () => void }) {
  const { act, asking, isBusy, failure } = useAct()
  const [isBanning, setBanning] = useState(false)
  const { id: userId, name } = user
  const isAdmin = user.role === "admin"

  async function changeRole() {
    const isDone = await act(
      "role",
      (client) => client.setRole({ userId, role: isAdmin ? "user" : "admin" }),
      isAdmin ? `${name} is no longer an administrator` : `${name} is an administrator now`,
    )
    if (isDone) onDone()
  }

  async function ban(terms: BanTerms) {
    const isDone = await act(
      "ban",
      (client) => client.banUser({ userId, ...terms }),
      `Banned ${name}`,
    )
    if (!isDone) return
    // At once, because a dialog that closes gives the focus back to its button.
    flushSync(() => setBanning(false))
    onDone()
  }

  async function unban() {
    if (await act("unban", (client) => client.unbanUser({ userId }), `Unbanned ${name}`)) onDone()
  }

  return (
    <>
      {failure && !isBanning && (
        <Alert variant="destructive" className="basis-full">
          {failure}
        </Alert>
      )}
      {!isAdmin && !user.ban && <ImpersonateButton user={user} disabled={isBusy} />}
      <ConfirmButton
        pending={asking === "role"}
        disabled={isBusy}
        title={isAdmin ? `Take the role away from ${name}?` : `Make ${name} an administrator?`}
        description={
          isAdmin
            ? "They stay signed in, as a user like any other."
            : "They will see every account, end sessions, ban users and make other administrators."
        }
        answer={isAdmin ? "Remove admin" : "Make admin"}
        isHarmful={isAdmin}
        onConfirm={changeRole}
      >
        {isAdmin ? "Remove admin" : "Make admin"}
      </ConfirmButton>
      {user.ban ? (
        <SubmitButton
          type="button"
          variant="outline"
          pending={asking === "unban"}
          disabled={isBusy}
          onClick={unban}
        >
          Unban user
        </SubmitButton>
      ) : (
        <SubmitButton
          type="button"
          variant="danger"
          disabled={isBusy}
          onClick={() => setBanning(true)}
        >
          Ban user
        </SubmitButton>
      )}
      <BanDialog
        user={user}
        open={isBanning}
        onOpenChange={setBanning}
        pending={asking === "ban"}
        failure={failure}
        onBan={ban}
      />
    </>
  )
}
