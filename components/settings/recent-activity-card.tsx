/** The newest events on the security page, and the way to all of them. */
import Link from "next/link"
import type { ReactNode } from "react"
import { Alert } from "@/components/ui/alert"
import { buttonVariants } from "@/components/ui/button"
import { Card, CardContent, CardFooter, CardHeader, CardTitle } from "@/components/ui/card"
import type { ActivityItem } from "@/lib/activity/view"
import { cn } from "@/lib/utils"
import { ActivityList, ActivityListSkeleton } from "./activity-list"

export type RecentActivityCardProps = {
  /** What the server read, or null when it could not. */
  items: ActivityItem[] | null
  serverNow: number
}

export function RecentActivityCard({ items, serverNow }: RecentActivityCardProps) {
  return (
    <Frame>
      {!items && (
        <CardContent>
          <Alert variant="destructive">
            Your recent activity could not be loaded just now. Reload the page in a moment.
          </Alert>
        </CardContent>
      )}
      {items?.length === 0 && (
        <CardContent className="text-muted-foreground">Nothing has been recorded yet.</CardContent>
      )}
      {items && items.length > 0 && <ActivityList items={items} serverNow={serverNow} />}
    </Frame>
  )
}

/** The same card while the events are being read. */
export function RecentActivitySkeleton() {
  return (
    <Frame>
      <ActivityListSkeleton rows={5} />
    </Frame>
  )
}

function Frame({ children }: { children: ReactNode }) {
  return (
    <Card aria-labelledby="recent-activity">
      <CardHeader>
        <CardTitle id="recent-activity">Recent activity</CardTitle>
      </CardHeader>
      {children}
      <CardFooter>
        <p>Something that was not you? Change your password.</p>
        <Link
          href="/settings/security/activity"
          className={cn(buttonVariants({ variant: "outline", size: "sm" }), "max-sm:w-full")}
        >
          All activity
        </Link>
      </CardFooter>
    </Card>
  )
}
