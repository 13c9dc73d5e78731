/** Events as a list, newest first: what happened, from where, when. Works without any script. */
import { clsx } from "clsx"
import type { ReactNode } from "react"
import { TimeAgo } from "@/components/time-ago"
import { Badge } from "@/components/ui/badge"
import { Skeleton } from "@/components/ui/skeleton"
import type { ActivityItem } from "@/lib/activity/view"
import { ActivityIcon } from "./activity-icon"
import {
  type ActivityReader,
  activityDetails,
  activitySentence,
  isWorthALook,
} from "./activity-words"

type Props<Item extends ActivityItem> = {
  items: Item[]
  serverNow: number
  reader?: ActivityReader
  /** More lines about an event, for those who may know more. */
  more?: (item: Item) => ReactNode
}

export function ActivityList<Item extends ActivityItem>(props: Props<Item>) {
  const { items, serverNow, reader = "user", more } = props
  return (
    <ul className="divide-y border-t">
      {items.map((item) => (
        <ActivityRow
          key={item.id}
          item={item}
          serverNow={serverNow}
          reader={reader}
          more={more?.(item)}
        />
      ))}
    </ul>
  )
}

type RowProps = {
  item: ActivityItem
  serverNow: number
  reader: ActivityReader
  more: ReactNode
}

function ActivityRow({ item, serverNow, reader, more }: RowProps) {
  const details = activityDetails(item)
  return (
    <li className="grid grid-cols-[auto_1fr] gap-x-3 px-4 py-3 sm:grid-cols-[auto_1fr_auto] sm:gap-x-4 sm:px-6">
      <ActivityIcon kind={item.kind} alarming={isWorthALook(item)} />
      <div className="flex min-w-0 flex-col justify-center sm:min-h-10">
        <p className="wrap-anywhere flex flex-wrap items-center gap-x-2 font-medium">
          {activitySentence(item, reader)}
          {item.session?.current && <Badge variant="brand">Current session</Badge>}
        </p>
        {details && <p className="wrap-anywhere text-muted-foreground">{details}</p>}
        {more}
      </div>
      <p
        className={clsx(
          "col-start-2 text-muted-foreground sm:col-start-3 sm:row-start-1 sm:text-right",
          !details && "sm:self-center",
        )}
      >
        <TimeAgo date={item.at} serverNow={serverNow} />
      </p>
    </li>
  )
}

/** The place of `rows` events that are still being read. */
export function ActivityListSkeleton({ rows }: { rows: number }) {
  return (
    <div className="divide-y border-t">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className="flex gap-3 px-4 py-3 sm:gap-4 sm:px-6">
          <Skeleton className="mt-0.5 size-9" />
          <div className="flex h-15 flex-col justify-center gap-2 sm:h-10">
            <Skeleton className="h-3.5 w-32" />
            <Skeleton className="h-3.5 w-56" />
          </div>
        </div>
      ))}
    </div>
  )
}
