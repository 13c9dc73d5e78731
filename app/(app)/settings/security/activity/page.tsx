/** Everything that happened to the account, page by page. Works without any script. */
import { ArrowLeft } from "lucide-react"
import type { Metadata } from "next"
import Link from "next/link"
import { ActivityCard } from "@/components/settings/activity-card"
import { SettingsHeading } from "@/components/settings/settings-heading"
import { readActivityQuery } from "@/lib/activity/filters"
import { listActivity } from "@/lib/activity/queries"
import { requireSession } from "@/lib/session"

export const metadata: Metadata = { title: "Activity" }

export default async function ActivityPage({
  searchParams,
}: PageProps<"/settings/security/activity">) {
  await requireSession()
  const query = readActivityQuery(await searchParams)
  const page = await listActivity(query)

  return (
    <>
      <div className="flex flex-col gap-2">
        <Link
          href="/settings/security"
          className="-mx-1 flex h-10 w-fit items-center gap-1.5 rounded-md px-1 text-muted-foreground hover:text-foreground md:h-6 [&_svg]:size-4"
        >
          <ArrowLeft aria-hidden="true" />
          Back to Security
        </Link>
        <SettingsHeading title="Activity">
          Who signed in and out, and what was changed about your account.
        </SettingsHeading>
      </div>
      <ActivityCard query={query} page={page} serverNow={Date.now()} />
    </>
  )
}
