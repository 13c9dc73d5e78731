"use client"
/** Name and picture. The header shows what was saved at once; what was typed survives a refusal. */
import { useRouter } from "next/navigation"
import { type FormEvent, useState } from "react"
import { toast } from "sonner"
import { OwnAvatar } from "@/components/own-avatar"
import { Alert } from "@/components/ui/alert"
import {
  Card,
  CardContent,
  CardDescription,
  CardFooter,
  CardHeader,
  CardTitle,
} from "@/components/ui/card"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { SubmitButton } from "@/components/ui/submit-button"
import { updateUser } from "@/lib/auth-client"
import type { SessionUser } from "@/lib/sessions/view"
import { EmailField } from "./email-field"
import { useSettingsForm } from "./use-settings-form"

export function ProfileForm({ user }: { user: SessionUser }) {
  const router = useRouter()
  const [preview, setPreview] = useState<{ name: string; image: string | null }>(user)
  const form = useSettingsForm({
    schema: (schemas) => schemas.profileSchema,
    send: (values) => () => updateUser(values),
    onSaved: () => {
      toast("Saved")
      // Pages the router kept, such as the dashboard behind "back", still greet by the old name.
      router.refresh()
    },
  })

  function showPreview(event: FormEvent<HTMLFormElement>) {
    const typed = new FormData(event.currentTarget)
    const image = String(typed.get("image"))
    // The page's policy shows pictures over https only; half an address is none yet.
    const isPicture = image.startsWith("https://") && URL.canParse(image)
    setPreview({ name: String(typed.get("name")), image: isPicture ? image : null })
  }

  return (
    <Card aria-labelledby="name-and-picture">
      <CardHeader>
        <CardTitle id="name-and-picture">Name and picture</CardTitle>
        <CardDescription>How you appear in this app.</CardDescription>
      </CardHeader>
      <form {...form.props} onInput={showPreview}>
        <CardContent className="flex flex-col gap-4 sm:flex-row sm:gap-6">
          <OwnAvatar size="lg" name={preview.name} image={preview.image} />
          <div className="grid min-w-0 max-w-md flex-1 gap-4">
            {form.errors.form && <Alert variant="destructive">{form.errors.form}</Alert>}
            <Field label="Name" name="name" error={form.errors.name}>
              {(control) => (
                <Input {...control} defaultValue={user.name} autoComplete="name" required />
              )}
            </Field>
            <Field
              label="Avatar URL"
              name="image"
              error={form.errors.image}
              hint="The address of a picture. Leave it empty to show your initials."
            >
              {(control) => (
                <Input
                  {...control}
                  type="url"
                  defaultValue={user.image ?? ""}
                  placeholder="https://"
                  autoComplete="photo"
                  spellCheck={false}
                />
              )}
            </Field>
            <EmailField email={user.email} verified={user.emailVerified} />
          </div>
        </CardContent>
        <CardFooter className="justify-end">
          <SubmitButton pending={form.pending} className="max-sm:w-full">
            Save changes
          </SubmitButton>
        </CardFooter>
      </form>
    </Card>
  )
}
