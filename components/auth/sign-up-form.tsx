"use client"
/**
 * Makes an account. Where mail is set up the address is verified before the first sign-in, and the
 * answer is the same whether or not it was known; elsewhere the new account is signed in at once.
 */
import { useState } from "react"
import { Alert } from "@/components/ui/alert"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { PasswordInput } from "@/components/ui/password-input"
import { SubmitButton } from "@/components/ui/submit-button"
import { authClient } from "@/lib/auth-client"
import { whileLeaving } from "@/lib/use-session"
import { AuthHeading } from "./auth-heading"
import { Outcome } from "./outcome"
import { useForm } from "./use-form"
import { verifiedUrl } from "./verified-url"

type Props = {
  /** Has been through `safeRedirect` on the server. */
  callbackUrl: string
  mailConfigured: boolean
}

export function SignUpForm({ callbackUrl, mailConfigured }: Props) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const form = useForm({
    schema: (schemas) => schemas.signUpSchema,
    send: async (values) => {
      const signUp = () =>
        authClient.signUp.email({ ...values, callbackURL: verifiedUrl(callbackUrl) })
      const { error } = await (mailConfigured ? signUp() : whileLeaving(signUp))
      if (error) return error
      if (mailConfigured) setSentTo(values.email)
      else window.location.assign(callbackUrl)
      return null
    },
  })

  if (sentTo) {
    return (
      <Outcome title="Check your inbox">
        <p>
          We sent a link to <strong className="break-words font-medium">{sentTo}</strong>. Open it
          to confirm your address and finish.
        </p>
        <p className="text-muted-foreground">
          Nothing there after a few minutes? Look in the spam folder. If you already have an account
          with this address, sign in instead.
        </p>
      </Outcome>
    )
  }

  return (
    <>
      <AuthHeading title="Create an account" />
      <form {...form.props} className="flex flex-col gap-4">
        {form.problem && <Alert variant="destructive">{form.problem}</Alert>}
        <Field label="Name" name="name" error={form.errors.name}>
          {(control) => <Input {...control} autoComplete="name" required />}
        </Field>
        <Field label="Email" name="email" error={form.errors.email}>
          {(control) => (
            <Input {...control} type="email" autoComplete="email" autoCapitalize="none" required />
          )}
        </Field>
        <Field
          label="Password"
          name="password"
          error={form.errors.password}
          hint="At least 8 characters."
        >
          {(control) => <PasswordInput {...control} autoComplete="new-password" required />}
        </Field>
        <SubmitButton pending={form.pending} className="mt-1 w-full">
          Create account
        </SubmitButton>
      </form>
    </>
  )
}
