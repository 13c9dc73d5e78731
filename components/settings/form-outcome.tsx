/**
 * What became of a form that was sent without a script, and the question before the one that hurts.
 * Pages with a script say it in place, and never lead here.
 */
import { Alert } from "@/components/ui/alert"
import { Button, buttonVariants } from "@/components/ui/button"
import { errorMessage } from "@/lib/errors"
import { securityPath, sessionForms } from "@/lib/routes"

type Query = Record<string, string | string[] | undefined>

const done = new Map([
  ["device", "The device was signed out."],
  ["others", "All other devices were signed out."],
])

export function FormOutcome({ query }: { query: Query }) {
  const { done: what, problem, confirm } = query
  const sentence = done.get(String(what))
  if (sentence) return <Alert variant="success">{sentence}</Alert>
  if (problem) {
    return <Alert variant="destructive">{errorMessage({ status: Number(problem) })}</Alert>
  }
  return confirm === "others" && <ConfirmSignOutOthers />
}

function ConfirmSignOutOthers() {
  return (
    <Alert>
      <p>Sign out of all other devices? They have to sign in again. This device stays signed in.</p>
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
