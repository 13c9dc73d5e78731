/** What happened to an account, newest first, a page at a time, and whose act it was. */
import Link from "next/link"
import {
  ActivityFilterLinks,
  type ActivityHref,
  ActivityPages,
} from "@/components/settings/activity-filter"
import { ActivityList } from "@/components/settings/activity-list"
import { sessionPlace } from "@/components/settings/activity-words"
import { Card, CardHeader, CardTitle } from "@/components/ui/card"
import { type ActivityQuery, activitySearch } from "@/lib/activity/filters"
import {
  type AdminActivity,
  type AdminActivityItem,
  type AdminUser,
  userPath,
} from "@/lib/admin/view"

export type UserActivityProps = {
  user: AdminUser
  query: ActivityQuery
  page: AdminActivity
  serverNow: number
}

export function UserActivity({ user, query, page, serverNow }: UserActivityProps) {
  const { filter } = query
  const hrefOf: ActivityHref = (part) => `${userPath(user.id)}${activitySearch(part)}#activity`
  const isBeyond = page.newer !== null || page.older !== null
  return (
    <Card aria-labelledby="activity">
      <CardHeader className="gap-3">
        <CardTitle id="activity">Activity</CardTitle>
        <div className="-mx-2 -my-1 sm:-mx-3">
          <ActivityFilterLinks current={filter} hrefOf={hrefOf} />
        </div>
      </CardHeader>
      {page.items.length > 0 ? (
        <ActivityList
          items={page.items}
          serverNow={serverNow}
          reader="admin"
          more={(item) => <MoreAbout item={item} userId={user.id} />}
        />
      ) : (
        <p className="border-t px-4 py-5 text-muted-foreground sm:px-6">
          {isBeyond ? "There is nothing on this page." : "Nothing of this has been recorded."}
        </p>
      )}
      <ActivityPages filter={filter} page={page} hrefOf={hrefOf} />
    </Card>
  )
}

/** What only administrators read of an event: whose act it was, and where the session itself was. */
function MoreAbout({ item, userId }: { item: AdminActivityItem; userId: string }) {
  const { actor, by } = item
  const place = sessionPlace(item)
  // That users do what they do themselves goes without saying.
  const isSaid = by && (actor === "admin" || by.id !== userId)
  return (
    <>
      {place && <p className="wrap-anywhere text-muted-foreground">{place}</p>}
      {isSaid && (
        <p className="wrap-anywhere text-muted-foreground">
          by{" "}
          {by.name === null ? (
            <>an account that is gone, {by.id}</>
          ) : (
            <Link href={userPath(by.id)} prefetch={false} className="font-medium underline">
              {by.name}
            </Link>
          )}
        </p>
      )}
    </>
  )
}
