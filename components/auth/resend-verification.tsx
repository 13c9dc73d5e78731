"use client"
/** A button for those whose first verification mail is lost, where their address is known already. */
import { useState } from "react"
import { SubmitButton } from "@/components/ui/submit-button"
import { errorMessage } from "@/lib/errors"

type Props = { email: () => string; callbackUrl: string }

export function ResendVerification({ email, callbackUrl }: Props) {
  const [pending, setPending] = useState(false)
  const [answer, setAnswer] = useState<string | null>(null)

  async function send() {
    setPending(true)
    try {
      const { sendVerificationLink } = await import("./verification-link")
      const error = await sendVerificationLink(email(), callbackUrl)
      setAnswer(error ? errorMessage(error) : "A new link is on its way. Check your inbox.")
    } catch {
      setAnswer(errorMessage({}))
    }
    setPending(false)
  }

  return (
    <>
      <SubmitButton type="button" variant="outline" size="sm" pending={pending} onClick={send}>
        Send the link again
      </SubmitButton>
      <p role="status" className="text-foreground empty:hidden">
        {answer}
      </p>
    </>
  )
}
