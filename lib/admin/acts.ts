/**
 * What administrators change, each in one transaction with its record in the activity, while the rows of
 * both are held: whoever lost the role meanwhile changes nothing. What a change forfeits, the database ends
 * (`end_forfeited_sessions` in `drizzle/`).
 */
import { APIError } from "better-auth/api"
import { and, eq, ne, or, type SQL } from "drizzle-orm"
import { type Act, transactionAs } from "@/lib/activity/act"
import { session, user } from "@/lib/db/schema"
import { adminErrors } from "./errors"
import { toAdminUser } from "./to-view"
import type { AdminUser, Role } from "./view"

type Transaction = Parameters<Parameters<typeof transactionAs>[1]>[0]

/** Runs `work` while nobody else changes these users; in one order, so that nobody waits in a circle. */
function holding<T>(
  act: Act,
  users: SQL | undefined,
  work: (tx: Transaction, held: AdminUser[]) => Promise<T>,
): Promise<T> {
  return transactionAs(act, async (tx) => {
    const rows = await tx.select().from(user).where(users).orderBy(user.id).for("no key update")
    return work(tx, rows.map(toAdminUser))
  })
}

/**
 * The same for an act of an administrator, or of the system (a script).
 * @throws APIError `NOT_ADMIN` when who acts is no administrator any more
 */
function actOn<T>(act: Act, whom: SQL, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const { actorId } = act
  if (act.actor !== "admin" || !actorId) return holding(act, whom, work)
  return holding(act, or(whom, eq(user.id, actorId)), (tx, held) => {
    const actor = held.find(({ id }) => id === actorId)
    if (actor?.role === "admin" && !actor.ban) return work(tx)
    throw APIError.from("FORBIDDEN", adminErrors.NOT_ADMIN)
  })
}

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
  return actOn(act, where, (tx) => update(tx, where, { role }))
}

/** Bans a user, which ends all their sessions. @returns null when there is no such user */
export function ban(
  act: Act,
  userId: string,
  { reason, expiresAt }: { reason: string; expiresAt: Date | null },
): Promise<AdminUser | null> {
  const where = eq(user.id, userId)
  const values = { banned: true, banReason: reason, banExpires: expiresAt }
  return actOn(act, where, (tx) => update(tx, where, values))
}

/** Lifts a ban. @returns null when there is no such user */
export function unban(act: Act, userId: string): Promise<AdminUser | null> {
  const where = eq(user.id, userId)
  const values = { banned: false, banReason: null, banExpires: null }
  return actOn(act, where, (tx) => update(tx, where, values))
}

const deleteSessions = async (tx: Transaction, where: SQL | undefined): Promise<number> =>
  (await tx.delete(session).where(where).returning({ id: session.id })).length

/** Ends one session of one user. @returns whether there was such a session */
export function endSession(act: Act, userId: string, sessionId: string): Promise<boolean> {
  const where = and(eq(session.id, sessionId), eq(session.userId, userId))
  return actOn({ reason: "admin", ...act }, eq(user.id, userId), async (tx) => {
    return (await deleteSessions(tx, where)) > 0
  })
}

/** Ends all sessions someone has but `keptId`. @returns how many */
export function endSessions(act: Act, userId: string, keptId: string): Promise<number> {
  // What they opened as others goes with the session they opened it from (a trigger).
  const where = and(eq(session.userId, userId), ne(session.id, keptId))
  return actOn({ ...act, reason: "admin" }, eq(user.id, userId), (tx) => deleteSessions(tx, where))
}

/** Ends an administrator's look at somebody's account. That they are none any more is no obstacle. */
export async function endImpersonation(
  impersonation: { id: string; userId: string },
  administratorId: string | null,
): Promise<void> {
  const act: Act = { kind: "impersonation-ended", actor: "admin", actorId: administratorId }
  const users = eq(user.id, impersonation.userId)
  await holding(act, users, (tx) => deleteSessions(tx, eq(session.id, impersonation.id)))
}
