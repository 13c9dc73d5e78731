/**
 * The activity of one user, read from its table. Asks nobody whether it may: `queries.ts` does that for
 * pages, and whoever else calls this has to.
 */
import { and, desc, eq, gt, gte, lt, sql } from "drizzle-orm"
import { unionAll } from "drizzle-orm/pg-core"
import { db } from "@/lib/db"
import { guardedRead } from "@/lib/db/guard"
import { activity } from "@/lib/db/schema"
import { policy } from "@/lib/sessions/policy"
import { type ActivityQuery, activityFilters } from "./filters"
import type { ActivityRow } from "./to-view"
import { type ActivityKind, endingKinds } from "./view"

type ActivityRows = {
  rows: ActivityRow[]
  /** What to pass as `after` for the page before this one, or null when there is none. */
  newer: number | null
  /** The same as `before`, for the page that follows. */
  older: number | null
}

type Kinds = readonly [ActivityKind, ActivityKind, ...ActivityKind[]]
/** Which events: `since` leaves out what is older, but the index does not know it. */
type Events = { userId: string; kinds: Kinds; since?: Date }

/** As the index has it, so that range and order are read from there. */
const negatedId = sql`(-${activity.id})`

/**
 * The first rows on one side of `id`. Asked kind by kind, as the index has them: a few events of one kind
 * are found at once, also beside a hundred thousand wrong passwords. Never asks for a kind that only a
 * newer version knows: it has no words yet.
 */
export function queryRows(
  { userId, kinds, since }: Events,
  side: "below" | "above",
  id: number,
  limit: number,
) {
  const isBelow = side === "below"
  const range = isBelow ? gt(negatedId, -id) : lt(negatedId, -id)
  const isNew = since && gte(activity.at, since)
  const ofKind = (kind: ActivityKind) =>
    db
      .select()
      .from(activity)
      .where(and(eq(activity.userId, userId), eq(activity.kind, kind), range, isNew))
      .orderBy(isBelow ? negatedId : desc(negatedId))
      .limit(limit)
  const [one, another, ...rest] = kinds
  return unionAll(ofKind(one), ofKind(another), ...rest.map(ofKind))
    .orderBy(isBelow ? desc(activity.id) : activity.id)
    .limit(limit)
}

/** The newest `limit` rows with ids below `id`, newest first. */
const readBelow = (events: Events, id: number, limit: number): Promise<ActivityRow[]> =>
  guardedRead(async () => queryRows(events, "below", id, limit))

/** The oldest `limit` rows with ids above `id`, newest first. */
async function readAbove(events: Events, id: number, limit: number): Promise<ActivityRow[]> {
  const rows = await guardedRead(async () => queryRows(events, "above", id, limit))
  return rows.reverse()
}

/** More than any id: below it is everything. */
const end = Number.MAX_SAFE_INTEGER

/** One page of a user's activity, newest first. Pages go by id, so rows that arrive move nothing. */
export async function readActivityPage(
  userId: string,
  { filter, before, after }: ActivityQuery,
  size: number,
): Promise<ActivityRows> {
  const events = { userId, kinds: activityFilters[filter] }
  // One more than is shown tells whether there are others.
  if (before === undefined && after !== undefined) {
    const found = await readAbove(events, after, size + 1)
    const rows = found.slice(-size)
    const [next] = await readBelow(events, after + 1, 1)
    return {
      rows,
      newer: found.length > size ? (rows[0]?.id ?? null) : null,
      older: next ? (rows.at(-1)?.id ?? after + 1) : null,
    }
  }
  const found = await readBelow(events, before ?? end, size + 1)
  const rows = found.slice(0, size)
  const [next] = before === undefined ? [] : await readAbove(events, before - 1, 1)
  return {
    rows,
    newer: next && before !== undefined ? (rows[0]?.id ?? before - 1) : null,
    older: found.length > size ? (rows.at(-1)?.id ?? null) : null,
  }
}

/** The events by which a user's sessions have ended of late, newest first, at most `limit`. */
export function readEndings(userId: string, limit: number): Promise<ActivityRow[]> {
  const since = new Date(Date.now() - policy.endedSessionsShown * 1000)
  return readBelow({ userId, kinds: endingKinds, since }, end, limit)
}
