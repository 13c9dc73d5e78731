"use client"
/** Asks for a new verification mail by address. The answer never tells whether it is known. */
import { useState } from "react"
import { Alert } from "@/components/ui/alert"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { SubmitButton } from "@/components/ui/submit-button"
import { useForm } from "./use-form"

export function VerificationForm({ callbackUrl }: { callbackUrl: string }) {
  const [sent, setSent] = useState(false)
  const form = useForm({
    schema: (schemas) => schemas.forgotPasswordSchema,
    send: async ({ email }) => {
      const { sendVerificationLink } = await import("./verification-link")
      const error = await sendVerificationLink(email, callbackUrl)
      setSent(!error)
      return error
    },
  })

  if (sent) {
    return (
      <Alert variant="success">
        If an account with this address is waiting to be verified, a new link is on its way. Check
        your inbox.
      </Alert>
    )
  }

  return (
    <form {...form.props} className="flex flex-col gap-4">
      {form.problem && <Alert variant="destructive">{form.problem}</Alert>}
      <Field label="Email" name="email" error={form.errors.email}>
        {(control) => (
          <Input {...control} type="email" autoComplete="username" autoCapitalize="none" required />
        )}
      </Field>
      <SubmitButton pending={form.pending} className="w-full">
        Send a new link
      </SubmitButton>
    </form>
  )
}
