/** The account's address, which is not changed here, and whether it is known to be the user's. */
import { ResendVerification } from "@/components/auth/resend-verification"
import { Badge } from "@/components/ui/badge"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"

export function EmailField({ email, verified }: { email: string; verified: boolean }) {
  return (
    <div className="flex flex-col items-start gap-2">
      <Field
        label="Email"
        name="email"
        className="w-full"
        action={verified ? <Badge variant="brand">Verified</Badge> : <Badge>Not verified</Badge>}
      >
        {(control) => <Input {...control} type="email" value={email} readOnly />}
      </Field>
      {!verified && <ResendVerification email={() => email} callbackUrl="/settings/profile" />}
    </div>
  )
}
