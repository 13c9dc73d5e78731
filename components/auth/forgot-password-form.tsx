"use client"
/** Asks for a link to set a new password. The answer never tells whether the address is known. */
import { type ReactNode, useState } from "react"
import { Alert } from "@/components/ui/alert"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { SubmitButton } from "@/components/ui/submit-button"
import { authClient } from "@/lib/auth-client"
import { AuthHeading } from "./auth-heading"
import { Outcome } from "./outcome"
import { useForm } from "./use-form"

/** `children` is shown with the form and with its outcome: how mail works on this server. */
export function ForgotPasswordForm({ children }: { children?: ReactNode }) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const form = useForm({
    schema: (schemas) => schemas.forgotPasswordSchema,
    send: async ({ email }) => {
      const { error } = await authClient.requestPasswordReset({
        email,
        redirectTo: "/reset-password",
      })
      if (!error) setSentTo(email)
      return error
    },
  })

  if (sentTo) {
    return (
      <Outcome title="Check your inbox">
        <p>
          If there is an account with <strong className="break-words font-medium">{sentTo}</strong>,
          a link to set a new password is on its way.
        </p>
        {children}
      </Outcome>
    )
  }

  return (
    <>
      <AuthHeading title="Forgot your password?">
        Enter your email address and we send you a link to set a new one.
      </AuthHeading>
      <form {...form.props} className="flex flex-col gap-4">
        {form.problem && <Alert variant="destructive">{form.problem}</Alert>}
        <Field label="Email" name="email" error={form.errors.email}>
          {(control) => (
            <Input
              {...control}
              type="email"
              autoComplete="username"
              autoCapitalize="none"
              required
            />
          )}
        </Field>
        <SubmitButton pending={form.pending} className="w-full">
          Send the link
        </SubmitButton>
        {children}
      </form>
    </>
  )
}
