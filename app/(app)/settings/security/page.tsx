/** Where the account is signed in, and its password. */
import type { Metadata } from "next"
import { FormOutcome } from "@/components/settings/form-outcome"
import { PasswordCard } from "@/components/settings/password-card"
import { SessionsCard } from "@/components/settings/sessions-card"
import { SettingsHeading } from "@/components/settings/settings-heading"
import { requireSession } from "@/lib/session"
import { listSessions } from "@/lib/sessions/queries"

export const metadata: Metadata = { title: "Security" }

export default async function SecurityPage({ searchParams }: PageProps<"/settings/security">) {
  const { user } = await requireSession()
  const sessions = await listSessions()

  return (
    <>
      <SettingsHeading title="Security">
        Where you are signed in, and what protects your account.
      </SettingsHeading>
      <FormOutcome query={await searchParams} />
      <SessionsCard sessions={sessions} serverNow={Date.now()} />
      <PasswordCard email={user.email} />
    </>
  )
}
