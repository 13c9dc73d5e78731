/** Who the user is to this app, and a way to read their session anew. */
import type { Metadata } from "next"
import { ProfileForm } from "@/components/settings/profile-form"
import { RefreshSession } from "@/components/settings/refresh-session"
import { SettingsHeading } from "@/components/settings/settings-heading"
import { requireSession } from "@/lib/session"

export const metadata: Metadata = { title: "Profile" }

export default async function ProfilePage() {
  const { user } = await requireSession()

  return (
    <>
      <SettingsHeading title="Profile">Your name, your picture and your address.</SettingsHeading>
      <ProfileForm user={user} />
      <RefreshSession />
    </>
  )
}
