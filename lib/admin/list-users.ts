/**
 * One page of all users, found and sorted by the indexes of `drizzle/0003_activity_and_admin.sql`. It
 * begins at a row, never after a number of rows to skip, so the last page costs what the first does.
 */
import { and, asc, count, desc, eq, gt, isNull, type SQL, sql } from "drizzle-orm"
import { db } from "@/lib/db"
import { guarded } from "@/lib/db/guard"
import { session, user } from "@/lib/db/schema"
import { toAdminUser } from "./to-view"
import type { UserList, UserPage, UserQuery, UserSort } from "./view"

export const pageSize = 25

/** Counting on would cost more than the page: what a search finds is looked at row by row. */
const countedAtMost = (search: string) => (search ? 1_000 : 100_000)

/** A way to sort, and the rows beyond the one of the user called `id`, which need not be shown. */
type Order = { by: SQL[]; beyond: (id: string) => SQL }

/** What the user called `id` has there. */
const valueAt = (id: string, column: SQL) =>
  sql`(select ${column} from ${user} where ${user.id} = ${id})`

const createdAt = sql`${user.createdAt}`
const byAge: Record<"newest" | "oldest", Order> = {
  newest: {
    by: [desc(user.createdAt), desc(user.id)],
    beyond: (id) => sql`(${createdAt}, ${user.id}) < (${valueAt(id, createdAt)}, ${id})`,
  },
  oldest: {
    by: [asc(user.createdAt), asc(user.id)],
    beyond: (id) => sql`(${createdAt}, ${user.id}) > (${valueAt(id, createdAt)}, ${id})`,
  },
}

// These go byte by byte, as the indexes have it: `~<~` and its like compare so.
const byText = (column: SQL): { up: Order; down: Order } => ({
  up: {
    by: [sql`${column} using ~<~`, asc(user.id)],
    // The first half is what the index finds, the second leaves out the row itself.
    beyond: (id) =>
      sql`${column} ~>=~ ${valueAt(id, column)} and (${column} <> ${valueAt(id, column)} or ${user.id} > ${id})`,
  },
  down: {
    by: [sql`${column} using ~>~`, desc(user.id)],
    beyond: (id) =>
      sql`${column} ~<=~ ${valueAt(id, column)} and (${column} <> ${valueAt(id, column)} or ${user.id} < ${id})`,
  },
})

const name = sql`lower(${user.name})`
const email = sql`lower(${user.email})`

/** Each sort, and the same backwards. */
const orders: Record<UserSort, { up: Order; down: Order }> = {
  newest: { up: byAge.newest, down: byAge.oldest },
  oldest: { up: byAge.oldest, down: byAge.newest },
  name: byText(name),
  email: byText(email),
}

/** Whose name or address begins with `search`. */
function matches(search: string): SQL | undefined {
  if (!search) return undefined
  const pattern = sql`lower(${`${search.replace(/[\\%_]/g, "\\$&")}%`})`
  return sql`(${name} like ${pattern} or ${email} like ${pattern})`
}

const liveSessions = db
  .select({ count: count().as("count") })
  .from(session)
  .where(
    and(
      eq(session.userId, user.id),
      gt(session.expiresAt, sql`now()`),
      isNull(session.impersonatedBy),
    ),
  )

/** The query for up to `limit` rows beyond the user called `from`, or from the beginning. */
function rowsQuery(search: string, order: Order, from: string | null) {
  return db
    .select({ user, sessions: sql<number>`(${liveSessions})`.mapWith(Number) })
    .from(user)
    .where(and(matches(search), from === null ? undefined : order.beyond(from)))
    .orderBy(...order.by)
    .limit(pageSize + 1)
}

function countQuery(search: string) {
  const some = db
    .select({ one: sql`1`.as("one") })
    .from(user)
    .where(matches(search))
    .limit(countedAtMost(search) + 1)
    .as("some")
  return db.select({ count: count() }).from(some)
}

/** Where a page begins, and in which direction it is read. */
function startOf(page: UserPage): { from: string | null; backwards: boolean } {
  if (page === "first" || page === "last") return { from: null, backwards: page === "last" }
  return "after" in page
    ? { from: page.after, backwards: false }
    : { from: page.before, backwards: true }
}

/** One page of users. A page that is no more, because its rows are gone, is the first one. */
export async function readUsers({ search, sort, page }: UserQuery): Promise<UserList> {
  const { from, backwards } = startOf(page)
  const order = orders[sort][backwards ? "down" : "up"]
  const [rows, [counted]] = await Promise.all([
    guarded(async () => rowsQuery(search, order, from)),
    guarded(async () => countQuery(search)),
  ])
  const hasMore = rows.length > pageSize
  // Read backwards up to the very beginning, it would be a first page with less than it could hold.
  const isNoPage =
    page !== "first" && (rows.length === 0 || ("last" !== page && backwards && !hasMore))
  if (isNoPage) return readUsers({ search, sort, page: "first" })

  const shown = rows.slice(0, pageSize)
  if (backwards) shown.reverse()
  const [first, last] = [shown[0]?.user.id, shown.at(-1)?.user.id]
  const total = counted?.count ?? 0
  const most = countedAtMost(search)
  return {
    users: shown.map((row) => ({ ...toAdminUser(row.user), sessions: row.sessions })),
    total: Math.min(total, most),
    isMore: total > most,
    previous: first && (backwards ? hasMore : from !== null) ? { before: first } : null,
    next: last && (backwards ? from !== null : hasMore) ? { after: last } : null,
  }
}
