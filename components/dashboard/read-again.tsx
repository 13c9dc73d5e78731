"use client"
/**
 * Has the page made anew on the server, and with it the session read once more. The endpoint is asked
 * first, because only it can renew a lapsed cookie cache.
 */
import { useRouter } from "next/navigation"
import { useTransition } from "react"
import { SubmitButton } from "@/components/ui/submit-button"
import { refreshSession } from "@/lib/use-session"

export function ReadAgain() {
  const router = useRouter()
  const [pending, start] = useTransition()
  return (
    <SubmitButton
      type="button"
      variant="outline"
      pending={pending}
      onClick={() =>
        start(async () => {
          // If that fails the page says so itself, or can still be read from the cookie.
          await refreshSession().catch(() => null)
          router.refresh()
        })
      }
      className="max-sm:w-full"
    >
      Read it again
    </SubmitButton>
  )
}
