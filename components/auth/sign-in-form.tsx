"use client"
/** Signs in by email and password. On success the page is left for good, so no state outlives it. */
import { Alert } from "@/components/ui/alert"
import { Checkbox } from "@/components/ui/checkbox"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { PasswordInput } from "@/components/ui/password-input"
import { SubmitButton } from "@/components/ui/submit-button"
import { authClient } from "@/lib/auth-client"
import { whileLeaving } from "@/lib/use-session"
import { ResendVerification } from "./resend-verification"
import { TextLink } from "./text-link"
import { useForm } from "./use-form"

/** `callbackUrl` has been through `safeRedirect` on the server. */
export function SignInForm({ callbackUrl }: { callbackUrl: string }) {
  const form = useForm({
    schema: (schemas) => schemas.signInSchema,
    send: async (values) => {
      const { error } = await whileLeaving(() => authClient.signIn.email(values))
      if (!error) window.location.assign(callbackUrl)
      return error
    },
  })
  const unverified = form.failure?.code === "EMAIL_NOT_VERIFIED"

  return (
    <form {...form.props} className="flex flex-col gap-4">
      {form.problem && (
        <Alert variant="destructive">
          {form.problem}
          {unverified && (
            <ResendVerification
              email={() => String(new FormData(form.props.ref.current ?? undefined).get("email"))}
              callbackUrl={callbackUrl}
            />
          )}
        </Alert>
      )}
      <Field label="Email" name="email" error={form.errors.email}>
        {(control) => (
          <Input {...control} type="email" autoComplete="username" autoCapitalize="none" required />
        )}
      </Field>
      <Field
        label="Password"
        name="password"
        error={form.errors.password}
        action={<TextLink href="/forgot-password">Forgot password?</TextLink>}
      >
        {(control) => <PasswordInput {...control} autoComplete="current-password" required />}
      </Field>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: Checkbox is the control */}
      <label className="flex min-h-10 w-fit select-none items-center gap-2.5 md:min-h-6">
        <Checkbox name="rememberMe" defaultChecked />
        Remember me
      </label>
      <SubmitButton pending={form.pending} className="w-full">
        Sign in
      </SubmitButton>
    </form>
  )
}
