/**
 * The activity of one user, read from its table. Asks nobody whether it may: `queries.ts` does that for
 * pages, and whoever else calls this has to.
 */
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, type SQL } from "drizzle-orm"
import { db } from "@/lib/db"
import { guardedRead } from "@/lib/db/guard"
import { activity } from "@/lib/db/schema"
import { days } from "@/lib/time"
import { type ActivityQuery, activityFilters } from "./filters"
import type { ActivityRow } from "./to-view"
import { type ActivityKind, endingKinds } from "./view"

export type ActivityRows = {
  rows: ActivityRow[]
  /** What to pass as `after` for the page before this one, or null when there is none. */
  newer: number | null
  /** The same as `before`, for the page that follows. */
  older: number | null
}

/** How long the sessions that ended stay visible, in seconds. */
export const endedFor = days(30)

// Of known kinds only: a newer version may already be writing others, which have no words yet.
const eventsOf = (userId: string, kinds: readonly ActivityKind[], ...more: (SQL | undefined)[]) =>
  and(eq(activity.userId, userId), inArray(activity.kind, [...kinds]), ...more)

/** Rows by id, which is their order in the index and in time. */
const readRows = (where: SQL | undefined, order: typeof asc, limit: number) =>
  guardedRead(async () =>
    db.select().from(activity).where(where).orderBy(order(activity.id)).limit(limit),
  )

async function exists(where: SQL | undefined): Promise<boolean> {
  const found = await guardedRead(async () =>
    db.select({ id: activity.id }).from(activity).where(where).limit(1),
  )
  return found.length > 0
}

/** One page of a user's activity, newest first. Pages go by id, so rows that arrive move nothing. */
export async function readActivityPage(
  userId: string,
  { filter, before, after }: ActivityQuery,
  size: number,
): Promise<ActivityRows> {
  const kinds = activityFilters[filter]
  if (before === undefined && after !== undefined) {
    const where = eventsOf(userId, kinds, gt(activity.id, after))
    const found = await readRows(where, asc, size + 1)
    const rows = found.slice(0, size).reverse()
    const hasOlder = await exists(eventsOf(userId, kinds, lte(activity.id, after)))
    return {
      rows,
      newer: found.length > size ? (rows[0]?.id ?? null) : null,
      older: hasOlder ? (rows.at(-1)?.id ?? after + 1) : null,
    }
  }
  const older = before === undefined ? undefined : lt(activity.id, before)
  const found = await readRows(eventsOf(userId, kinds, older), desc, size + 1)
  const rows = found.slice(0, size)
  const hasNewer = (id: number) => exists(eventsOf(userId, kinds, gte(activity.id, id)))
  return {
    rows,
    newer:
      before !== undefined && (await hasNewer(before))
        ? (rows[0]?.id ?? Math.max(0, before - 1))
        : null,
    older: found.length > size ? (rows.at(-1)?.id ?? null) : null,
  }
}

/** The events by which a user's sessions have ended of late, newest first. */
export async function readEndings(userId: string, limit: number): Promise<ActivityRow[]> {
  const since = new Date(Date.now() - endedFor * 1000)
  return readRows(eventsOf(userId, endingKinds, gte(activity.at, since)), desc, limit)
}
