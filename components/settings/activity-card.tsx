/** One page of the activity: its events, what there is to say when there are none, and the ways on. */
import Link from "next/link"
import { Alert } from "@/components/ui/alert"
import { buttonVariants } from "@/components/ui/button"
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card"
import type { ActivityFilter, ActivityQuery } from "@/lib/activity/filters"
import type { ActivityItem } from "@/lib/activity/view"
import { ActivityFilterLinks, ActivityPages, ownActivity } from "./activity-filter"
import { ActivityList } from "./activity-list"
import { areWorthALook } from "./activity-words"

const nothing: Record<ActivityFilter, string> = {
  all: "Nothing has been recorded yet. Sign-ins, sign-outs and changes of the account appear here.",
  "sign-ins": "No sign-ins have been recorded.",
  "sign-outs": "No device has been signed out.",
  account: "Neither the password nor anything else about the account has been changed.",
}

export type ActivityCardProps = {
  query: ActivityQuery
  /** What the server read, or null when it could not. */
  page: { items: ActivityItem[]; newer: number | null; older: number | null } | null
  serverNow: number
}

export function ActivityCard({ query, page, serverNow }: ActivityCardProps) {
  const { filter } = query
  const isBeyond = page && (page.newer !== null || page.older !== null)
  return (
    <Card aria-labelledby="events">
      <CardHeader className="gap-3">
        <CardTitle id="events" className="sr-only">
          Events
        </CardTitle>
        <div className="-mx-2 -my-1 sm:-mx-3">
          <ActivityFilterLinks current={filter} hrefOf={ownActivity} />
        </div>
      </CardHeader>
      {!page && (
        <CardContent>
          <Alert variant="destructive">
            <p>Your activity could not be loaded just now. Nothing of it is lost.</p>
            <a
              href={ownActivity(query)}
              className={buttonVariants({ variant: "outline", size: "sm" })}
            >
              Try again
            </a>
          </Alert>
        </CardContent>
      )}
      {page && areWorthALook(page.items) && (
        <CardContent>
          <Alert>
            <p>
              Was one of these not you?{" "}
              <Link href="/settings/security#password" className="font-medium underline">
                Change your password
              </Link>
              , and sign out the devices you do not recognise.
            </p>
          </Alert>
        </CardContent>
      )}
      {page && page.items.length > 0 && <ActivityList items={page.items} serverNow={serverNow} />}
      {page?.items.length === 0 && (
        <p className="border-t px-4 py-10 text-center text-muted-foreground sm:px-6">
          {isBeyond ? "There is nothing on this page." : nothing[filter]}
        </p>
      )}
      {page && <ActivityPages filter={filter} page={page} hrefOf={ownActivity} />}
    </Card>
  )
}
