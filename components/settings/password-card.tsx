"use client"
/** Changes the password. Other devices are signed out with it unless the user says otherwise. */
import { toast } from "sonner"
import { mutate } from "swr"
import { Alert } from "@/components/ui/alert"
import {
  Card,
  CardContent,
  CardDescription,
  CardFooter,
  CardHeader,
  CardTitle,
} from "@/components/ui/card"
import { Checkbox } from "@/components/ui/checkbox"
import { Field } from "@/components/ui/field"
import { PasswordInput } from "@/components/ui/password-input"
import { SubmitButton } from "@/components/ui/submit-button"
import { DEVICES_KEY } from "@/lib/use-session"
import { useSettingsForm } from "./use-settings-form"

/** `email` is for password managers, which file a password under the account it belongs to. */
export function PasswordCard({ email }: { email: string }) {
  const form = useSettingsForm({
    schema: (schemas) => schemas.changePasswordSchema,
    send: (values) => (client) => client.changePassword(values),
    fieldOf: { INVALID_PASSWORD: "currentPassword" },
    onSaved: ({ revokeOtherSessions }) => {
      form.props.ref.current?.reset()
      toast("Password changed", {
        ...(revokeOtherSessions && { description: "Your other devices were signed out." }),
      })
      void mutate(DEVICES_KEY)
    },
  })

  return (
    <Card aria-labelledby="password">
      <CardHeader>
        <CardTitle id="password">Password</CardTitle>
        <CardDescription>Use at least 8 characters. A few unrelated words do well.</CardDescription>
      </CardHeader>
      <form {...form.props}>
        <CardContent className="flex flex-col gap-4">
          <input type="hidden" autoComplete="username" value={email} />
          {form.errors.form && <Alert variant="destructive">{form.errors.form}</Alert>}
          <div className="grid max-w-sm gap-4">
            <Field
              label="Current password"
              name="currentPassword"
              error={form.errors.currentPassword}
            >
              {(control) => <PasswordInput {...control} autoComplete="current-password" required />}
            </Field>
            <Field label="New password" name="newPassword" error={form.errors.newPassword}>
              {(control) => <PasswordInput {...control} autoComplete="new-password" required />}
            </Field>
          </div>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: Checkbox is the control */}
          <label className="flex min-h-10 w-fit select-none items-center gap-2.5 md:min-h-6">
            <Checkbox name="revokeOtherSessions" defaultChecked />
            Also sign out other devices
          </label>
        </CardContent>
        <CardFooter className="justify-end">
          <SubmitButton pending={form.pending} className="max-sm:w-full">
            Change password
          </SubmitButton>
        </CardFooter>
      </form>
    </Card>
  )
}
