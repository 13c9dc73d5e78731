/** The ways to the other parts and pages of the activity: plain links, which need no script. */
import { clsx } from "clsx"
import { ChevronLeft, ChevronRight } from "lucide-react"
import Link from "next/link"
import { buttonVariants } from "@/components/ui/button"
import { CardFooter } from "@/components/ui/card"
import { type ActivityFilter, type ActivityQuery, activitySearch } from "@/lib/activity/filters"
import { cn } from "@/lib/utils"

const names: Record<ActivityFilter, string> = {
  all: "All",
  "sign-ins": "Sign-ins",
  "sign-outs": "Sign-outs",
  account: "Account",
}

/** The address at which a part of some account's activity is shown. */
export type ActivityHref = (query: ActivityQuery) => string

/** The same for the reader's own. */
export const ownActivity: ActivityHref = (query) =>
  `/settings/security/activity${activitySearch(query)}`

type FilterProps = { current: ActivityFilter; hrefOf: ActivityHref }

export function ActivityFilterLinks({ current, hrefOf }: FilterProps) {
  return (
    <nav aria-label="Filter" className="flex flex-wrap gap-1">
      {(Object.keys(names) as ActivityFilter[]).map((filter) => (
        <Link
          key={filter}
          href={hrefOf({ filter })}
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

type PagesProps = {
  filter: ActivityFilter
  page: { newer: number | null; older: number | null }
  hrefOf: ActivityHref
}

/** The foot of the card that shows a page: the ways to those beside it, or nothing when there are none. */
export function ActivityPages({ filter, page: { newer, older }, hrefOf }: PagesProps) {
  if (newer === null && older === null) return null
  const look = buttonVariants({ variant: "outline", size: "sm" })
  return (
    <CardFooter>
      <nav aria-label="Pages" className="flex w-full justify-between gap-3">
        {newer !== null && (
          <Link href={hrefOf({ filter, after: newer })} prefetch={false} className={look}>
            <ChevronLeft aria-hidden="true" />
            Newer
          </Link>
        )}
        {older !== null && (
          <Link
            href={hrefOf({ filter, before: older })}
            prefetch={false}
            className={cn(look, "ml-auto")}
          >
            Older
            <ChevronRight aria-hidden="true" />
          </Link>
        )}
      </nav>
    </CardFooter>
  )
}
