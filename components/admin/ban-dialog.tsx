"use client"
/** Why and for how long somebody is banned. What was typed survives a refusal. */
import { type FormEvent, useState } from "react"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { Dialog, DialogFooter } from "@/components/ui/dialog"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { Select } from "@/components/ui/select"
import { SubmitButton } from "@/components/ui/submit-button"
import type { AdminUser } from "@/lib/admin/view"
import { days, hours } from "@/lib/time"

export type BanTerms = { banReason: string; banExpiresIn: number | null }

const terms: [name: string, seconds: number | null][] = [
  ["For good", null],
  ["For an hour", hours(1)],
  ["For a day", days(1)],
  ["For a week", days(7)],
  ["For 30 days", days(30)],
  ["For a year", days(365)],
]

export type BanDialogProps = {
  user: AdminUser
  open: boolean
  onOpenChange: (open: boolean) => void
  pending: boolean
  failure: string | null
  onBan: (ban: BanTerms) => void
}

export function BanDialog({ user, open, onOpenChange, pending, failure, onBan }: BanDialogProps) {
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({})

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const typed = new FormData(event.currentTarget)
    const seconds = typed.get("banExpiresIn")
    const { banSchema, fieldErrors } = await import("@/lib/validation")
    const checked = banSchema.safeParse({
      banReason: typed.get("banReason"),
      banExpiresIn: seconds ? Number(seconds) : null,
    })
    setErrors(checked.success ? {} : fieldErrors(checked.error))
    if (!checked.success) return
    onBan({ banExpiresIn: null, ...checked.data } as BanTerms)
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Ban ${user.name}?`}
      description="They are signed out everywhere at once and cannot sign in until the ban ends."
    >
      <form method="post" noValidate onSubmit={submit} className="flex flex-col gap-4">
        {failure && <Alert variant="destructive">{failure}</Alert>}
        <Field
          label="Reason"
          name="banReason"
          error={errors.banReason}
          hint="The user can read it."
        >
          {(control) => (
            <Input {...control} data-autofocus required maxLength={200} autoComplete="off" />
          )}
        </Field>
        <Field label="How long" name="banExpiresIn" error={errors.banExpiresIn}>
          {(control) => (
            <Select {...control} defaultValue="">
              {terms.map(([name, seconds]) => (
                <option key={name} value={seconds ?? ""}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <DialogFooter>
          <Button variant="outline" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <SubmitButton variant="destructive" pending={pending}>
            Ban
          </SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
