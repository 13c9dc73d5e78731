/**
 * Deletes what nobody needs any more: expired sessions, verifications and rate limits, old news of
 * revocations and old activity. In small batches that skip what others hold, so that it may run any
 * number of times at once, and no sign-in ever waits for it.
 */
import { setImmediate as nextTurn } from "node:timers/promises"
import { type SQL, sql } from "drizzle-orm"
import { transactionAs } from "./activity/act"
import { guarded } from "./db/guard"
import { rowsOf } from "./db/rows"
import { retentionSeconds } from "./sessions/invalidation"
import { policy } from "./sessions/policy"
import { hours, minutes } from "./time"

/** Rows per statement: each is done, and lets go of its locks, in a moment. */
const batchSize = 1_000

/** Longest that one statement may take all the same, in milliseconds: no request waits for it. */
const batchTimeout = 10_000

/** Longer than any window in which requests are counted. */
const longestWindow = hours(1)

/** How far the clocks of servers may be apart. */
const clockSkew = minutes(5)

const inSeconds = (seconds: number) => sql`make_interval(secs => ${seconds}::int)`

/** Changes a batch of what is found by `where`, and answers how many rows that were. */
const batch = (table: SQL, where: SQL, change: SQL) => sql`
  with found as materialized (
    select id from ${table} where ${where} limit ${batchSize} for update skip locked
  ), changed as (${change} where id in (select id from found) returning 1)
  select count(*)::int as count from changed`

const deletion = (table: SQL, where: SQL) => batch(table, where, sql`delete from ${table}`)

const end = sql`created_at + ${inSeconds(policy.absolute)}`
const idleEnd = sql`now() + ${inSeconds(policy.idle)}`
const moveEnd = (to: SQL) => sql`update session set expires_at = ${to}`

/** In this order: the first two move ends set when the limits were higher, so that the third finds them. */
const steps = {
  absoluteEnds: batch(sql`session`, sql`expires_at > ${end}`, moveEnd(end)),
  idleEnds: batch(
    sql`session`,
    sql`expires_at > ${idleEnd} + ${inSeconds(clockSkew)}`,
    moveEnd(idleEnd),
  ),
  sessions: deletion(sql`session`, sql`expires_at < now()`),
  verifications: deletion(sql`verification`, sql`expires_at < now()`),
  rateLimits: deletion(
    sql`rate_limit`,
    sql`last_request < extract(epoch from now() - ${inSeconds(longestWindow)}) * 1000`,
  ),
  invalidations: deletion(
    sql`session_invalidation`,
    sql`at < now() - ${inSeconds(retentionSeconds)}`,
  ),
  activity: deletion(sql`activity`, sql`at < now() - ${inSeconds(policy.activityRetention)}`),
}

/** Rows deleted by table, and sessions whose end was moved to what the limits allow today. */
export type CleanupCounts = {
  sessions: number
  verifications: number
  rateLimits: number
  invalidations: number
  activity: number
  shortened: number
}

/** Runs one batch. What it ends is recorded as the system's doing; the triggers know what it was. */
async function runBatch(statement: SQL): Promise<number> {
  const timeout = sql`select set_config('statement_timeout', ${`${batchTimeout}ms`}, true)`
  const work = () =>
    transactionAs({ actor: "system" }, async (tx) => {
      await tx.execute(timeout)
      return rowsOf<{ count: number }>(tx.execute(statement))
    })
  const [row] = await guarded(work, batchTimeout + 1_000)
  return row?.count ?? 0
}

/**
 * Cleans up once.
 * @param deadline a moment, as of `Date.now()`, after which no further batch begins
 * @throws DatabaseError when the database cannot answer; what was deleted until then stays so
 */
export async function cleanUp(deadline = Number.POSITIVE_INFINITY): Promise<CleanupCounts> {
  const repeat = async (statement: SQL): Promise<number> => {
    let total = 0
    for (let count = batchSize; count === batchSize && Date.now() < deadline; total += count) {
      count = await runBatch(statement)
      // The embedded database works in this very process: whoever waits for it comes first.
      await nextTurn()
    }
    return total
  }
  const shortened = (await repeat(steps.absoluteEnds)) + (await repeat(steps.idleEnds))
  return {
    sessions: await repeat(steps.sessions),
    verifications: await repeat(steps.verifications),
    rateLimits: await repeat(steps.rateLimits),
    invalidations: await repeat(steps.invalidations),
    activity: await repeat(steps.activity),
    shortened,
  }
}

/** What a clean-up did, as a sentence. */
export function describeCleanup(counts: CleanupCounts): string {
  const { sessions, verifications, rateLimits, invalidations, activity, shortened } = counts
  return `Deleted ${sessions} expired sessions, ${verifications} verifications, ${rateLimits} rate limits, ${invalidations} old invalidations and ${activity} old events; ${shortened} sessions end sooner than they were to.`
}
