/**
 * What administrators look up, straight from the database. Whether they may is not asked here:
 * pages come through `queries.ts`, endpoints through `rights.ts`.
 */
import { and, desc, eq, gt, inArray } from "drizzle-orm"
import type { ActivityQuery } from "@/lib/activity/filters"
import { readActivityPage } from "@/lib/activity/read"
import { toFullActivityItem } from "@/lib/activity/to-view"
import { db } from "@/lib/db"
import { guardedRead } from "@/lib/db/guard"
import { session, user } from "@/lib/db/schema"
import { isLive } from "@/lib/sessions/live"
import { toAdminSession, toAdminUser } from "./to-view"
import type { AdminActivity, AdminSession, AdminUser } from "./view"

/** Events on one page of a user's activity. */
export const activityPageSize = 25

/** A user as administrators see them, or null. */
export async function findUser(id: string): Promise<AdminUser | null> {
  const [row] = await guardedRead(async () => db.select().from(user).where(eq(user.id, id)))
  return row ? toAdminUser(row) : null
}

/** Whether a token is that of an administrator who sees the app as somebody else. */
export async function isImpersonation(token: string): Promise<boolean> {
  const [row] = await guardedRead(async () =>
    db
      .select({ by: session.impersonatedBy })
      .from(session)
      .where(and(eq(session.token, token), gt(session.expiresAt, new Date()))),
  )
  return Boolean(row?.by)
}

/** A user's live sessions, the one active last first; `currentId` is the one that asks. */
export async function listSessions(userId: string, currentId: string): Promise<AdminSession[]> {
  const rows = await guardedRead(async () =>
    db
      .select()
      .from(session)
      .where(and(eq(session.userId, userId), isLive))
      .orderBy(desc(session.lastActiveAt)),
  )
  return rows.map((row) => toAdminSession(row, currentId))
}

/** The names of users by their ids, in one query; who is gone is missing. */
async function namesOf(ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await guardedRead(async () =>
    db.select({ id: user.id, name: user.name }).from(user).where(inArray(user.id, ids)),
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** What happened to an account, newest first and with whose act it was: one page of it. */
export async function listActivity(
  userId: string,
  currentId: string,
  query: ActivityQuery,
): Promise<AdminActivity> {
  const { rows, newer, older } = await readActivityPage(userId, query, activityPageSize)
  const events = rows.map((row) => toFullActivityItem(row, currentId))
  const names = await namesOf([...new Set(events.flatMap(({ actorId }) => actorId ?? []))])
  const items = events.map(({ actorId, ...event }) => ({
    ...event,
    by: actorId ? { id: actorId, name: names.get(actorId) ?? null } : null,
  }))
  return { items, newer, older }
}
