/**
 * Deletes what nobody needs any more: expired sessions, verifications and rate limits, old news of
 * revocations and old activity. In small batches that skip what others hold, so that it may run any
 * number of times at once, and no sign-in ever waits for it.
 */
import { setImmediate as nextTurn } from "node:timers/promises"
import { type SQL, sql } from "drizzle-orm"
import { batchAs } from "./activity/batch"
import { mailKeyPrefix, mailWindow } from "./auth/mail-limit"
import { isOutage } from "./db/errors"
import { rowsOf } from "./db/rows"
import { retentionSeconds } from "./sessions/invalidation"
import { policy } from "./sessions/policy"
import { hours, minutes } from "./time"

/** Rows per statement: each is done, and lets go of its locks, in a moment. */
const batchSize = 1_000

/** Longer than any window in which requests are counted; mails are counted for longer. */
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

/** Its user's row is needed for the record of its end, and skipped as well while others hold that. */
const expiredSessions = sql`
  with found as materialized (
    select session.id from session join "user" on "user".id = session.user_id
    where session.expires_at < now() limit ${batchSize}
    for update of session skip locked for key share of "user" skip locked
  ), changed as (delete from session where id in (select id from found) returning 1)
  select count(*)::int as count from changed`

const end = sql`created_at + ${inSeconds(policy.absolute)}`
const idleEnd = sql`now() + ${inSeconds(policy.idle)}`
const moveEnd = (to: SQL) => sql`update session set expires_at = ${to}`

type Step = { counts: keyof CleanupCounts; statement: SQL }

const deletions: Step[] = [
  { counts: "sessions", statement: expiredSessions },
  { counts: "verifications", statement: deletion(sql`verification`, sql`expires_at < now()`) },
  {
    counts: "rateLimits",
    statement: deletion(
      sql`rate_limit`,
      sql`last_request < extract(epoch from now()) * 1000 - 1000 * case
        when starts_with(key, ${mailKeyPrefix}) then ${mailWindow}::int else ${longestWindow}::int end`,
    ),
  },
  {
    counts: "invalidations",
    statement: deletion(
      sql`session_invalidation`,
      sql`at < now() - ${inSeconds(retentionSeconds)}`,
    ),
  },
  {
    counts: "activity",
    statement: deletion(sql`activity`, sql`at < now() - ${inSeconds(policy.activityRetention)}`),
  },
]

/** Move ends that were set when the limits were higher, and delete what is over by that. */
const shortenings: Step[] = [
  {
    counts: "shortened",
    statement: batch(sql`session`, sql`expires_at > ${end}`, moveEnd(end)),
  },
  {
    counts: "shortened",
    statement: batch(
      sql`session`,
      sql`expires_at > ${idleEnd} + ${inSeconds(clockSkew)}`,
      moveEnd(idleEnd),
    ),
  },
  { counts: "sessions", statement: expiredSessions },
]

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
  const [row] = await batchAs({ actor: "system" }, (tx) =>
    rowsOf<{ count: number }>(tx.execute(statement)),
  )
  return row?.count ?? 0
}

export type CleanupOptions = {
  /** A moment, as of `Date.now()`, after which no further batch begins. */
  deadline?: number
  /**
   * Also moves the ends of sessions to what the limits of this very process allow. That cannot be taken
   * back, so only ask for it where the environment is the app's.
   */
  applyLimits?: boolean
}

/**
 * Cleans up once. A step that fails is no reason not to take the others.
 * @throws the first failure, when all steps have been tried; what was deleted until then stays so
 */
export async function cleanUp({
  deadline = Number.POSITIVE_INFINITY,
  applyLimits = false,
}: CleanupOptions = {}): Promise<CleanupCounts> {
  const counts: CleanupCounts = {
    sessions: 0,
    verifications: 0,
    rateLimits: 0,
    invalidations: 0,
    activity: 0,
    shortened: 0,
  }
  const failures: unknown[] = []
  for (const step of applyLimits ? [...deletions, ...shortenings] : deletions) {
    try {
      for (let count = batchSize; count === batchSize && Date.now() < deadline; ) {
        count = await runBatch(step.statement)
        counts[step.counts] += count
        // The embedded database works in this very process: whoever waits for it comes first.
        await nextTurn()
      }
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length === 0) return counts
  const [first, ...others] = failures
  // The guard has reported an outage, which the steps have in common.
  for (const error of others) if (!isOutage(error)) console.error("The clean-up failed.", error)
  throw first
}

/** What a clean-up did, as a sentence. */
export function describeCleanup(counts: CleanupCounts): string {
  const { sessions, verifications, rateLimits, invalidations, activity, shortened } = counts
  return `Deleted ${sessions} expired sessions, ${verifications} verifications, ${rateLimits} rate limits, ${invalidations} old invalidations and ${activity} old events; ${shortened} sessions end sooner than they were to.`
}
