/** Search and sort, as a form and links that work before any script does. */
import { clsx } from "clsx"
import { Search } from "lucide-react"
import Link from "next/link"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"
import { type UserQuery, userSorts, usersHref, usersPath } from "@/lib/admin/view"

const sortNames = { newest: "Newest", oldest: "Oldest", name: "Name", email: "Email" }

export function UsersToolbar({ query }: { query: UserQuery }) {
  const { search, sort } = query
  return (
    <div className="flex flex-col gap-3 md:flex-row md:items-center md:justify-between">
      <search className="md:w-full md:max-w-sm">
        <form action={usersPath} method="get" className="flex gap-2">
          {sort !== "newest" && <input type="hidden" name="sort" value={sort} />}
          <Input
            // Another search is another form: what is typed in it is not kept by React.
            key={search}
            type="search"
            name="search"
            aria-label="Search by name, email or ID"
            placeholder="Name, email or ID"
            defaultValue={search}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
          />
          <Button type="submit" variant="outline">
            <Search aria-hidden="true" />
            Search
          </Button>
        </form>
      </search>
      <nav aria-label="Sort" className="flex gap-1">
        {userSorts.map((by) => (
          <Link
            key={by}
            href={usersHref({ search, sort: by, page: "first" })}
            prefetch={false}
            aria-current={by === sort ? "true" : undefined}
            className={clsx(
              "flex h-10 items-center rounded-md px-3 transition-colors hover:bg-accent max-md:flex-1 max-md:justify-center md:h-9",
              by === sort ? "bg-accent font-medium" : "text-muted-foreground hover:text-foreground",
            )}
          >
            {sortNames[by]}
          </Link>
        ))}
      </nav>
    </div>
  )
}
