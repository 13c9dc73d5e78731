/** What happened to an account lately, newest first. */
import { TimeAgo } from "@/components/time-ago"
import { Card, CardHeader, CardTitle } from "@/components/ui/card"
import type { ActivityItem } from "@/lib/activity/view"
import { activityDetails, activityTitle } from "./activity-words"

export function UserActivity({ items, serverNow }: { items: ActivityItem[]; serverNow: number }) {
  return (
    <Card aria-labelledby="activity">
      <CardHeader>
        <CardTitle id="activity">Activity</CardTitle>
      </CardHeader>
      {items.length === 0 ? (
        <p className="px-4 pb-5 text-muted-foreground sm:px-6">Nothing has been recorded yet.</p>
      ) : (
        <ol className="divide-y border-t">
          {items.map((item) => (
            <li
              key={item.id}
              className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5 sm:px-6"
            >
              <div className="min-w-0 sm:flex-1">
                <p className="wrap-anywhere font-medium">{activityTitle(item)}</p>
                <p className="wrap-anywhere text-muted-foreground">{activityDetails(item)}</p>
              </div>
              <p className="text-muted-foreground">
                <TimeAgo date={item.at} serverNow={serverNow} />
              </p>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}
