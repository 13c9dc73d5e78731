/**
 * Ending many sessions at once, for an incident. Every server honours it within
 * `SESSION_REVOCATION_DELAY`, as it does for each session that ends.
 */
import { and, eq, inArray, lt, type SQL, sql } from "drizzle-orm"
import { batchAs, batchTimeout } from "@/lib/activity/batch"
import { db } from "@/lib/db"
import { isStopped } from "@/lib/db/errors"
import { guardedRead } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { session, user } from "@/lib/db/schema"

/** Rows per transaction: each is done in a moment, and what is done is done. */
const batchSize = 1_000

/** On a database that is busy they become fewer, but not fewer than this. */
const smallestBatch = 50

const act = { kind: "session-revoked", reason: "database", actor: "system" } as const

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

/** How many sessions that is, and of how many users; null when counting them takes too long. */
export async function countSessions(
  which: Which,
): Promise<{ sessions: number; users: number } | null> {
  const counting = batchAs(act, (tx) =>
    tx
      .select({
        sessions: sql<number>`count(*)::int`,
        users: sql<number>`count(distinct ${session.userId})::int`,
      })
      .from(session)
      .where(condition(which)),
  )
  try {
    const [row] = await counting
    return row ?? null
  } catch (error) {
    if (isStopped(error)) return null
    throw error
  }
}

/** Whether somebody has this email address. */
export async function userExists(email: string): Promise<boolean> {
  const found = await guardedRead(() =>
    db.select({ id: user.id }).from(user).where(eq(user.email, email.toLowerCase())).execute(),
  )
  return found.length > 0
}

/** Ends at most `size` of them, and answers how many that were. */
const endBatch = (which: SQL | undefined, size: number): Promise<number> =>
  batchAs(act, async (tx) => {
    // In one order, so that two of these wait for each other instead of blocking each other.
    const found = await tx
      .select({ id: session.id })
      .from(session)
      .where(which)
      .orderBy(session.id)
      .limit(size)
      .for("update")
    const ids = found.map(({ id }) => id)
    await tx.delete(session).where(inArray(session.id, ids))
    return ids.length
  })

/**
 * Ends them, batch by batch, but none that begins meanwhile: who signs in again is not signed out again.
 * @param report told how many have ended so far
 * @returns how many have ended
 * @throws Error when the database cannot end even a few in time; what was reported has ended
 */
export async function revokeMany(which: Which, report: (ended: number) => void): Promise<number> {
  const now = sql`select now()::text as moment`
  const [start] = await guardedRead(() => rowsOf<{ moment: string }>(db.execute(now)))
  if (!start) throw new Error("The database does not know what time it is.")
  const begun = and(condition(which), sql`${session.createdAt} <= ${start.moment}::timestamptz`)
  let ended = 0
  for (let size = batchSize; ; ) {
    try {
      const count = await endBatch(begun, size)
      if (count === 0) return ended
      ended += count
      report(ended)
    } catch (error) {
      if (!isStopped(error)) throw error
      if (size === smallestBatch) {
        throw new Error(
          `Stopped after ${ended}: the database cannot end even ${size} sessions within ${batchTimeout / 1000} seconds (${error.code}). Something holds them, or keeps it busy. Run this again.`,
        )
      }
      size = Math.max(smallestBatch, Math.floor(size / 2))
    }
  }
}
