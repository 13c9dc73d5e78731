/**
 * One page of all users, found and sorted by the indexes of `drizzle/0003_activity_and_admin.sql`. It
 * begins at a row, never after a number of rows to skip, so the last page costs what the first does.
 */
import { and, asc, count, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm"
import { db } from "@/lib/db"
import { guardedRead } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { session, user } from "@/lib/db/schema"

import { isLive } from "@/lib/sessions/live"

import { toAdminUser } from "./to-view"
import type { UserList, UserPage, UserQuery, UserSort } from "./view"

export const pageSize = 25

/** Counting on would cost more than the page: what a search finds is looked at row by row. */
const countedAtMost = (search: string) => (search ? 1_000 : 100_000)

/** How many users are looked at one by one, in the order asked for, before the indexes are. */
const lookedThrough = 10_000

/** More than there are. A limit, all the same, which keeps the planner from looking into a query. */
const everybody = 2_000_000_000

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

/** Whose name or address begins with `search`, or whose id it is: log lines name users so. */
function matches(search: string): SQL | undefined {
  if (!search) return undefined
  const pattern = sql`lower(${`${search.replace(/[\\%_]/g, "\\$&")}%`})`
  return sql`(${name} like ${pattern} or ${email} like ${pattern} or ${user.id} = ${search})`
}

const liveSessions = db
  .select({ count: count().as("count") })
  .from(session)
  .where(and(eq(session.userId, user.id), isLive, isNull(session.impersonatedBy)))

type Part = { where?: SQL | undefined; order?: Order; limit: number; from?: SQL }

/** Users as one query. A limit also keeps the planner from looking into it from outside. */
function users({ where, order, limit, from = sql`${user}` }: Part): SQL {
  const filter = where ? sql`where ${where}` : sql``
  const sort = order ? sql`order by ${sql.join(order.by, sql`, `)}` : sql``
  return sql`select ${user}.* from ${from} ${filter} ${sort} limit ${limit}::bigint`
}

/** Up to a page of ids, and one more, from a query that stands in for the table. */
async function idsFrom(part: SQL, order: Order, where?: SQL): Promise<string[]> {
  const page = users({ where, order, limit: pageSize + 1, from: sql`(${part}) as ${user}` })
  const rows = await guardedRead(() =>
    rowsOf<{ id: string }>(db.execute(sql`select id from (${page}) as page`)),
  )
  return rows.map(({ id }) => id)
}

/**
 * The users beyond the one called `from`, or from the beginning. What is found often is met soon on
 * the way the sort goes; what is found seldom, or late on that way, is found by the search's own indexes.
 * Left to itself, the planner takes the first way to the end.
 */
async function findIds(search: string, total: number, order: Order, from: string | null) {
  const beyond = from === null ? undefined : order.beyond(from)
  const next = users({ where: beyond, order, limit: search ? lookedThrough : pageSize + 1 })
  if (!search) return idsFrom(next, order)
  if (total > countedAtMost(search)) {
    const ids = await idsFrom(next, order, matches(search))
    if (ids.length > pageSize) return ids
  }
  return idsFrom(users({ where: matches(search), limit: everybody }), order, beyond)
}

/** Those users, in the order of their ids. */
async function readRows(ids: string[]) {
  if (ids.length === 0) return []
  const rows = await guardedRead(async () =>
    db
      .select({ user, sessions: sql<number>`(${liveSessions})`.mapWith(Number) })
      .from(user)
      .where(inArray(user.id, ids)),
  )
  return rows.toSorted((a, b) => ids.indexOf(a.user.id) - ids.indexOf(b.user.id))
}

async function countUsers(search: string): Promise<number> {
  const some = db
    .select({ one: sql`1`.as("one") })
    .from(user)
    .where(matches(search))
    .limit(countedAtMost(search) + 1)
    .as("some")
  const [counted] = await guardedRead(async () => db.select({ count: count() }).from(some))
  return counted?.count ?? 0
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
  const most = countedAtMost(search)
  const total = await countUsers(search)
  const ids = await findIds(search, total, order, from)
  const hasMore = ids.length > pageSize
  // Read backwards up to the very beginning, it would be a first page with less than it could hold.
  const isFirst = typeof page === "object" && backwards && !hasMore
  if (isFirst || (page !== "first" && ids.length === 0)) {
    return readUsers({ search, sort, page: "first" })
  }

  const shown = await readRows(ids.slice(0, pageSize))
  if (backwards) shown.reverse()
  const [first, last] = [shown[0]?.user.id, shown.at(-1)?.user.id]
  return {
    users: shown.map((row) => ({ ...toAdminUser(row.user), sessions: row.sessions })),
    total: Math.min(total, most),
    isMore: total > most,
    previous: first && (backwards ? hasMore : from !== null) ? { before: first } : null,
    next: last && (backwards ? from !== null : hasMore) ? { after: last } : null,
  }
}
