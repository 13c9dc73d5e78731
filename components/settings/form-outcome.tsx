/**
 * What became of a form that was sent without a script, and the question before the one that hurts.
 * Pages with a script say it in place, and never lead here.
 */
import { Alert } from "@/components/ui/alert"
import { Button, buttonVariants } from "@/components/ui/button"
import { errorMessage } from "@/lib/errors"
import { securityPath, sessionForms } from "@/lib/routes"
import type { SessionListItem } from "@/lib/sessions/view"
import { deviceCount, sessionName } from "./session-words"

const sentences = {
  device: "The device was signed out.",
  others: "All other devices were signed out.",
}

/** `outcome` is what was ended, or the status with which that was refused. */
export function FormOutcome({ outcome }: { outcome: keyof typeof sentences | number | null }) {
  if (outcome === null) return null
  if (typeof outcome === "number") {
    return <Alert variant="destructive">{errorMessage({ status: outcome })}</Alert>
  }
  return <Alert variant="success">{sentences[outcome]}</Alert>
}

/** Asks before all devices but this one are signed out, and names them. */
export function ConfirmSignOutOthers({ sessions }: { sessions: SessionListItem[] | null }) {
  const others = sessions?.filter(({ current }) => !current) ?? []
  if (others.length === 0) return null
  return (
    <Alert>
      <p>
        Sign out of {deviceCount(others.length, "other device")}? They have to sign in again. This
        device stays signed in.
      </p>
      <ul>
        {others.map((session) => (
          <li key={session.id} className="wrap-anywhere text-muted-foreground">
            {sessionName(session)}
          </li>
        ))}
      </ul>
      <form method="post" action={sessionForms.revokeOtherSessions} className="flex gap-2">
        <Button type="submit" variant="destructive" size="sm">
          Sign out
        </Button>
        <a href={securityPath} className={buttonVariants({ variant: "outline", size: "sm" })}>
          Cancel
        </a>
      </form>
    </Alert>
  )
}
