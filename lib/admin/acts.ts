/**
 * What administrators change, each in one transaction with its record in the activity. Whether they
 * may is not asked here: `endpoints.ts` does, and the `admin` script has the database anyway.
 */
import { and, eq, ne, type SQL } from "drizzle-orm"
import { type Act, transactionAs } from "@/lib/activity/act"
import { session, user } from "@/lib/db/schema"
import { toAdminUser } from "./to-view"
import type { AdminUser, Role } from "./view"

type Transaction = Parameters<Parameters<typeof transactionAs>[1]>[0]

/** Ends what someone sees of others' accounts. Only administrators can, so it is asked of them only. */
const endImpersonationsBy = (tx: Transaction, { id }: AdminUser) =>
  tx.delete(session).where(eq(session.impersonatedBy, id))

async function update(
  tx: Transaction,
  where: SQL,
  values: Partial<typeof user.$inferInsert>,
): Promise<AdminUser | null> {
  const [row] = await tx.update(user).set(values).where(where).returning()
  return row ? toAdminUser(row) : null
}

/** Makes someone an administrator, or a user like any other. @returns null when there is nobody */
export function changeRole(act: Act, where: SQL, role: Role): Promise<AdminUser | null> {
  return transactionAs(act, async (tx) => {
    const changed = await update(tx, where, { role })
    if (changed && role !== "admin") await endImpersonationsBy(tx, changed)
    return changed
  })
}

/** Bans a user and ends all their sessions. @returns null when there is no such user */
export function ban(
  act: Act,
  userId: string,
  { reason, expiresAt }: { reason: string; expiresAt: Date | null },
): Promise<AdminUser | null> {
  return transactionAs({ ...act, reason: "banned" }, async (tx) => {
    const values = { banned: true, banReason: reason, banExpires: expiresAt }
    const banned = await update(tx, eq(user.id, userId), values)
    if (!banned) return null
    await tx.delete(session).where(eq(session.userId, userId))
    if (banned.role === "admin") await endImpersonationsBy(tx, banned)
    return banned
  })
}

/** Lifts a ban. @returns null when there is no such user */
export function unban(act: Act, userId: string): Promise<AdminUser | null> {
  return transactionAs(act, (tx) =>
    update(tx, eq(user.id, userId), { banned: false, banReason: null, banExpires: null }),
  )
}

/** Ends one session of one user. @returns whether there was such a session */
export function endSession(act: Act, userId: string, sessionId: string): Promise<boolean> {
  return transactionAs({ reason: "admin", ...act }, async (tx) => {
    const where = and(eq(session.id, sessionId), eq(session.userId, userId))
    const ended = await tx.delete(session).where(where).returning({ id: session.id })
    return ended.length > 0
  })
}

/** Ends all sessions someone has but `keptId`. @returns how many */
export function endSessions(act: Act, userId: string, keptId: string): Promise<number> {
  return transactionAs({ ...act, reason: "admin" }, async (tx) => {
    // What they opened as others goes with the session they opened it from (a trigger).
    const ended = await tx
      .delete(session)
      .where(and(eq(session.userId, userId), ne(session.id, keptId)))
      .returning({ id: session.id })
    return ended.length
  })
}
