"use client"
/** Shows the app as somebody else sees it, after saying what that means. */
import { useState } from "react"
import { Alert } from "@/components/ui/alert"
import type { AdminUser } from "@/lib/admin/view"
import { errorMessage } from "@/lib/errors"
import { homePath } from "@/lib/routes"
import { whileLeaving } from "@/lib/use-session"
import { askAdmin } from "./ask"
import { ConfirmButton } from "./confirm-button"
import { leaveWhenRefused } from "./use-act"

export function ImpersonateButton({ user, disabled }: { user: AdminUser; disabled: boolean }) {
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  async function impersonate() {
    setPending(true)
    setFailure(null)
    const { error } = await whileLeaving(() =>
      askAdmin((client) => client.impersonateUser({ userId: user.id })),
    )
    // A full navigation: nothing of one's own account stays in the tab's memory.
    if (!error) return window.location.assign(homePath)
    if (!leaveWhenRefused(error)) setFailure(errorMessage(error))
    setPending(false)
  }

  return (
    <>
      {failure && <Alert variant="destructive">{failure}</Alert>}
      <ConfirmButton
        pending={pending}
        disabled={disabled}
        title={`See the app as ${user.name}?`}
        description="For an hour at most. You can look at everything and change nothing of the account. It is recorded in the account's activity, where the user sees it."
        answer="Impersonate"
        onConfirm={impersonate}
      >
        Impersonate
      </ConfirmButton>
    </>
  )
}
