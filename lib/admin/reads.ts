/**
 * What administrators look up, straight from the database. Whether they may is not asked here:
 * pages come through `queries.ts`, endpoints through `rights.ts`.
 */
import { and, desc, eq, gt } from "drizzle-orm"
import { readActivityPage } from "@/lib/activity/read"
import { toFullActivityItem } from "@/lib/activity/to-view"
import type { ActivityItem } from "@/lib/activity/view"
import { db } from "@/lib/db"
import { guarded } from "@/lib/db/guard"
import { session, user } from "@/lib/db/schema"
import { toAdminSession, toAdminUser } from "./to-view"
import type { AdminSession, AdminUser } from "./view"

/** So much of the past is shown on a user's page. */
const latestActivity = 50

/** A user as administrators see them, or null. */
export async function findUser(id: string): Promise<AdminUser | null> {
  const [row] = await guarded(async () => db.select().from(user).where(eq(user.id, id)))
  return row ? toAdminUser(row) : null
}

/** Whether a token is that of an administrator who sees the app as somebody else. */
export async function isImpersonation(token: string): Promise<boolean> {
  const [row] = await guarded(async () =>
    db
      .select({ by: session.impersonatedBy })
      .from(session)
      .where(and(eq(session.token, token), gt(session.expiresAt, new Date()))),
  )
  return Boolean(row?.by)
}

/** A user's live sessions, the one active last first; `currentId` is the one that asks. */
export async function listSessions(userId: string, currentId: string): Promise<AdminSession[]> {
  const rows = await guarded(async () =>
    db
      .select()
      .from(session)
      .where(and(eq(session.userId, userId), gt(session.expiresAt, new Date())))
      .orderBy(desc(session.lastActiveAt)),
  )
  return rows.map((row) => toAdminSession(row, currentId))
}

/** What happened to an account, newest first. */
export async function listActivity(userId: string, currentId: string): Promise<ActivityItem[]> {
  const { rows } = await readActivityPage(userId, { filter: "all" }, latestActivity)
  return rows.map((row) => toFullActivityItem(row, currentId))
}
