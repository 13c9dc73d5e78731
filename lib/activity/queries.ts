/**
 * What pages read about the reader's own activity. Each asks for the session itself, and each answers
 * null while the database cannot: that is not the same as nothing having happened.
 */
import "server-only"
import { watchForOutage } from "@/lib/db/errors"
import { requireSession } from "@/lib/session"
import type { ActivityQuery } from "./filters"
import { readActivityPage, readEndings } from "./read"
import { type ActivityRow, toActivityItem } from "./to-view"
import { type ActivityItem, mostEndings } from "./view"

const pageSize = 25
const recentSize = 5

export type ActivityPage = {
  items: ActivityItem[]
  /** The id to ask `after` for the page of newer events, or null when this is the newest. */
  newer: number | null
  /** The id to ask `before` for the page of older ones, or null. */
  older: number | null
}

/** Reads as the signed-in user; null while the database cannot answer. */
async function readAsUser<T>(
  read: (userId: string, toItems: (rows: ActivityRow[]) => ActivityItem[]) => Promise<T>,
): Promise<T | null> {
  const { user, session } = await requireSession()
  const outcome = await watchForOutage(() =>
    read(user.id, (rows) => rows.map((row) => toActivityItem(row, session.id))),
  )
  return outcome.unavailable ? null : outcome.value
}

/** One page of the reader's activity, newest first. */
export function listActivity(query: ActivityQuery): Promise<ActivityPage | null> {
  return readAsUser(async (userId, toItems) => {
    const { rows, ...ids } = await readActivityPage(userId, query, pageSize)
    return { items: toItems(rows), ...ids }
  })
}

/** The reader's newest few events. */
export function listRecentActivity(): Promise<ActivityItem[] | null> {
  return readAsUser(async (userId, toItems) => {
    const { rows } = await readActivityPage(userId, { filter: "all" }, recentSize)
    return toItems(rows)
  })
}

/**
 * The reader's sessions that ended within the last 30 days, as the events that ended them, newest first:
 * `mostEndings`, and one more when there are others.
 */
export function listEndedSessions(): Promise<ActivityItem[] | null> {
  return readAsUser(async (userId, toItems) => toItems(await readEndings(userId, mostEndings + 1)))
}
