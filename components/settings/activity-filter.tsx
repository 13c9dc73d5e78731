/** The parts of the activity beside the one that is shown: plain links, which need no script. */
import { clsx } from "clsx"
import Link from "next/link"
import { type ActivityFilter, activitySearch } from "@/lib/activity/filters"

const names: Record<ActivityFilter, string> = {
  all: "All",
  "sign-ins": "Sign-ins",
  "sign-outs": "Sign-outs",
  account: "Account",
}

export const activityPath = "/settings/security/activity"

export function ActivityFilterLinks({ current }: { current: ActivityFilter }) {
  return (
    <nav aria-label="Filter" className="flex flex-wrap gap-1">
      {(Object.keys(names) as ActivityFilter[]).map((filter) => (
        <Link
          key={filter}
          href={`${activityPath}${activitySearch({ filter })}`}
          prefetch={false}
          aria-current={filter === current ? "page" : undefined}
          className={clsx(
            "flex h-10 items-center rounded-md px-3 transition-colors md:h-8",
            filter === current
              ? "bg-accent font-medium text-foreground"
              : "text-muted-foreground hover:bg-accent hover:text-foreground",
          )}
        >
          {names[filter]}
        </Link>
      ))}
    </nav>
  )
}
