/** How many there are, and the ways to the pages beside this one. */
import Link from "next/link"
import { buttonVariants } from "@/components/ui/button"
import { type UserList, type UserPage, type UserQuery, usersHref } from "@/lib/admin/view"
import { usersCount } from "./users-table"

export function UsersPaging({ query, list }: { query: UserQuery; list: UserList }) {
  const { previous, next } = list
  const link = (name: string, page: UserPage | null) =>
    page && (
      <Link
        href={usersHref({ ...query, page })}
        prefetch={false}
        className={buttonVariants({ variant: "outline", size: "sm" })}
      >
        {name}
      </Link>
    )

  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="wrap-anywhere text-muted-foreground">
        {list.users.length > 0 && usersCount(query, list)}
      </p>
      {(previous || next) && (
        <nav aria-label="Pages" className="flex gap-2">
          {link("First", previous && "first")}
          {link("Previous", previous)}
          {link("Next", next)}
          {link("Last", next && "last")}
        </nav>
      )}
    </div>
  )
}
