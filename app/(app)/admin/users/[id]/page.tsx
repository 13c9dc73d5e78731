/** One user, for administrators: the account, where it is signed in, and what happened to it. */
import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { UserActions } from "@/components/admin/user-actions"
import { UserActivity } from "@/components/admin/user-activity"
import { UserFacts } from "@/components/admin/user-facts"
import { UserHeading } from "@/components/admin/user-heading"
import { UserSessions } from "@/components/admin/user-sessions"
import { readActivityQuery } from "@/lib/activity/filters"
import { getUser } from "@/lib/admin/queries"
import { requireAdmin } from "@/lib/session"

export const metadata: Metadata = { title: "User" }

export default async function UserPage({ params, searchParams }: PageProps<"/admin/users/[id]">) {
  const reader = await requireAdmin()
  const query = readActivityQuery(await searchParams)
  const details = await getUser((await params).id, query)
  if (!details) notFound()
  const { user, sessions, activity } = details
  const now = Date.now()

  return (
    <div className="flex flex-col gap-6">
      <UserHeading user={user} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 gap-6 lg:col-start-2 lg:row-start-1">
          <UserFacts user={user} serverNow={now} />
          <UserActions user={user} isReader={user.id === reader.user.id} />
        </div>
        <div className="grid min-w-0 gap-6 lg:col-start-1 lg:row-start-1">
          <UserSessions user={user} sessions={sessions} serverNow={now} />
          <UserActivity user={user} query={query} page={activity} serverNow={now} />
        </div>
      </div>
    </div>
  )
}
