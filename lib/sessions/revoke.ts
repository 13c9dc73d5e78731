/**
 * Ending many sessions at once, for an incident. Every server honours it within
 * `SESSION_REVOCATION_DELAY`, as it does for each session that ends.
 */
import { and, eq, inArray, lt, type SQL, sql } from "drizzle-orm"
import { transactionAs } from "@/lib/activity/act"
import { db } from "@/lib/db"
import { guarded } from "@/lib/db/guard"
import { session, user } from "@/lib/db/schema"

/** Rows per transaction: each is done in a moment, and what is done is done. */
const batchSize = 1_000

/** Which sessions: all of them, or those that both parts name. */
export type Which = {
  /** The email address of their user. */
  email?: string
  /** They began before this moment. */
  before?: Date
}

const condition = ({ email, before }: Which): SQL | undefined =>
  and(
    email === undefined
      ? undefined
      : sql`${session.userId} in (select ${user.id} from ${user} where ${eq(user.email, email.toLowerCase())})`,
    before && lt(session.createdAt, before),
  )

/** How many sessions that is, and of how many users. */
export async function countSessions(which: Which): Promise<{ sessions: number; users: number }> {
  const [row] = await guarded(() =>
    db
      .select({
        sessions: sql<number>`count(*)::int`,
        users: sql<number>`count(distinct ${session.userId})::int`,
      })
      .from(session)
      .where(condition(which))
      .execute(),
  )
  return row ?? { sessions: 0, users: 0 }
}

/** Whether somebody has this email address. */
export async function userExists(email: string): Promise<boolean> {
  const found = await guarded(() =>
    db.select({ id: user.id }).from(user).where(eq(user.email, email.toLowerCase())).execute(),
  )
  return found.length > 0
}

/**
 * Ends them, batch by batch, those that begin meanwhile included.
 * @param report told how many have ended so far
 * @returns how many have ended
 */
export async function revokeMany(which: Which, report: (ended: number) => void): Promise<number> {
  const act = { kind: "session-revoked", reason: "database", actor: "system" } as const
  let ended = 0
  for (;;) {
    const batch = await guarded(() =>
      transactionAs(act, async (tx) => {
        // In one order, so that two of these wait for each other instead of blocking each other.
        const found = await tx
          .select({ id: session.id })
          .from(session)
          .where(condition(which))
          .orderBy(session.id)
          .limit(batchSize)
          .for("update")
        const ids = found.map(({ id }) => id)
        return tx.delete(session).where(inArray(session.id, ids)).returning({ id: session.id })
      }),
    )
    ended += batch.length
    if (batch.length === 0) return ended
    report(ended)
  }
}
