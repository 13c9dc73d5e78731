"use client"
/** Says on every page that it is seen as somebody else, and leads back with one click. */
import { Eye } from "lucide-react"
import { useState } from "react"
import { leaveWhenSignedOut } from "@/components/settings/request"
import { SubmitButton } from "@/components/ui/submit-button"
import { userPath } from "@/lib/admin/view"
import type { RequestError } from "@/lib/errors"
import { signInUrl } from "@/lib/routes"
import { useSession, whileLeaving } from "@/lib/use-session"
import { askAdmin } from "./ask"

export function ImpersonationBanner() {
  const { data } = useSession()
  return data?.session.impersonatedBy ? <Banner user={data.user} /> : null
}

function Banner({ user }: { user: { id: string; name: string } }) {
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  async function goBack() {
    setPending(true)
    setFailure(null)
    const { data, error } = await whileLeaving(() =>
      askAdmin((client) => client.stopImpersonating()),
    )
    const back = userPath(user.id)
    // A full navigation: nothing of the user's account stays in the tab's memory.
    if (data) return window.location.assign(data.signedIn ? back : signInUrl(back))
    // Another tab was first.
    if (error?.code === "NOT_IMPERSONATING") return window.location.assign(back)
    if (!leaveWhenSignedOut(error)) await say(error)
    setPending(false)
  }

  async function say(error: RequestError | null) {
    const { errorMessage } = await import("@/lib/errors")
    setFailure(errorMessage(error))
  }

  return (
    <section aria-label="Impersonation" className="border-b bg-brand-subtle">
      <div className="mx-auto flex max-w-5xl flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2 sm:px-6">
        <p className="wrap-anywhere flex min-w-0 items-start gap-2">
          <Eye aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-brand" />
          <span>
            You see the app as <strong className="font-semibold">{user.name}</strong>.
          </span>
        </p>
        <SubmitButton
          type="button"
          variant="outline"
          size="sm"
          pending={pending}
          onClick={goBack}
          className="max-sm:w-full"
        >
          Return to your account
        </SubmitButton>
        {failure && (
          <p role="alert" className="basis-full text-destructive">
            {failure}
          </p>
        )}
      </div>
    </section>
  )
}
