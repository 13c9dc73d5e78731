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

/**
 * Ends at most `size` of them that nobody holds, and answers how many that were. It skips what
 * others hold, so that it waits for nobody who ends sessions elsewhere or deletes users; only for who ends what
 * an administrator has opened from one of them, and where both wait, the database ends one and it is tried again.
 */
const endBatch = (which: SQL, size: number): Promise<number> =>
  batchAs(act, async (tx) => {
    const found = await rowsOf<{ id: string }>(
      tx.execute(sql`
        select ${session.id} as id from ${session} join ${user} on ${user.id} = ${session.userId}
        where ${which} limit ${size}
        for update of session skip locked for key share of "user" skip locked`),
    )
    const ids = found.map(({ id }) => id)
    if (ids.length > 0) await tx.delete(session).where(inArray(session.id, ids))
    return ids.length
  })

/** Waits for whoever holds some that are left, and ends those of one user. @returns how many */
const endHeld = (which: SQL): Promise<number> =>
  batchAs(act, async (tx) => {
    const holder = sql`(select ${session.userId} from ${session} where ${which} limit 1)`
    const [held] = await tx
      .select({ id: user.id })
      .from(user)
      .where(eq(user.id, holder))
      .for("no key update")
    if (!held) return 0
    const ended = await tx
      .delete(session)
      .where(and(which, eq(session.userId, held.id)))
      .returning({ id: session.id })
    return ended.length
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
  const isOlder = sql`${session.createdAt} <= ${start.moment}::timestamptz`
  const begun = and(condition(which), isOlder) ?? isOlder
  let ended = 0
  for (let size = batchSize; ; ) {
    try {
      const count = (await endBatch(begun, size)) || (await endHeld(begun))
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
