/** Where the account is signed in, its password, and what happened to it of late. */
import type { Metadata } from "next"
import { headers } from "next/headers"
import { Suspense } from "react"
import { EndedSessionsCard, EndedSessionsSkeleton } from "@/components/settings/ended-sessions-card"
import { ConfirmSignOutOthers, FormOutcome } from "@/components/settings/form-outcome"
import { PasswordCard } from "@/components/settings/password-card"
import {
  RecentActivityCard,
  RecentActivitySkeleton,
} from "@/components/settings/recent-activity-card"
import { SessionsCard } from "@/components/settings/sessions-card"
import { SettingsHeading } from "@/components/settings/settings-heading"
import { listEndedSessions, listRecentActivity } from "@/lib/activity/queries"
import { readFormOutcome } from "@/lib/auth/forms"
import { requireSession } from "@/lib/session"
import { listSessions } from "@/lib/sessions/queries"

export const metadata: Metadata = { title: "Security" }

export default async function SecurityPage({ searchParams }: PageProps<"/settings/security">) {
  const { user } = await requireSession()
  const sessions = await listSessions()
  const { confirm } = await searchParams

  return (
    <>
      <SettingsHeading title="Security">
        Where you are signed in, and what protects your account.
      </SettingsHeading>
      <FormOutcome outcome={readFormOutcome((await headers()).get("cookie"))} />
      {confirm === "others" && <ConfirmSignOutOthers sessions={sessions} />}
      <SessionsCard sessions={sessions} serverNow={Date.now()} />
      <Suspense fallback={<EndedSessionsSkeleton />}>
        <EndedSessions />
      </Suspense>
      <PasswordCard email={user.email} />
      <Suspense fallback={<RecentActivitySkeleton />}>
        <RecentActivity />
      </Suspense>
    </>
  )
}

// Neither is waited for: the devices that are signed in come first.

async function EndedSessions() {
  return <EndedSessionsCard endings={await listEndedSessions()} serverNow={Date.now()} />
}

async function RecentActivity() {
  return <RecentActivityCard items={await listRecentActivity()} serverNow={Date.now()} />
}
