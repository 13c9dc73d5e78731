"use client"
/** Sets a new password with the token from a mail. Every device is signed out by it, on the server. */
import { Alert } from "@/components/ui/alert"
import { Field } from "@/components/ui/field"
import { PasswordInput } from "@/components/ui/password-input"
import { SubmitButton } from "@/components/ui/submit-button"
import { authClient } from "@/lib/auth-client"
import { signInPath } from "@/lib/routes"
import { TextLink } from "./text-link"
import { useForm } from "./use-form"

export function ResetPasswordForm({ token }: { token: string }) {
  const form = useForm({
    schema: (schemas) => schemas.resetPasswordSchema,
    send: async ({ newPassword }) => {
      const { error } = await authClient.resetPassword({ newPassword, token })
      if (!error) window.location.assign(`${signInPath}?reset=1`)
      return error
    },
  })

  return (
    <form {...form.props} className="flex flex-col gap-4">
      {form.problem && (
        <Alert variant="destructive">
          {form.problem}
          {form.failure?.code === "INVALID_TOKEN" && (
            <TextLink href="/forgot-password">Get a new link</TextLink>
          )}
        </Alert>
      )}
      <Field
        label="New password"
        name="newPassword"
        error={form.errors.newPassword}
        hint="At least 8 characters. Every device is signed out when you change it."
      >
        {(control) => <PasswordInput {...control} autoComplete="new-password" required />}
      </Field>
      <SubmitButton pending={form.pending} className="w-full">
        Set new password
      </SubmitButton>
    </form>
  )
}
