/**
 * The invalidation feed: which cached sessions must no longer be believed, known to every server
 * within `SESSION_REVOCATION_DELAY`. Database triggers write it; each server reads the few newest
 * rows, at most once per delay and only when a cached session is about to be trusted. Losing it
 * must never sign anyone out: without a database, cached sessions live out their few minutes.
 */
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { db } from "@/lib/db"
import { DatabaseError, withoutWatch } from "@/lib/db/errors"
import { guarded, guardedUrgentRead } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { isInTransaction } from "@/lib/db/transaction"
import { env } from "@/lib/env"
import { minutes } from "@/lib/time"
import { hasEnded } from "./policy"

/** A moment on two clocks, in milliseconds: one that nobody sets, and one that goes on while we are frozen. */
type Moment = { steady: number; wall: number }

const now = (): Moment => ({ steady: performance.now(), wall: Date.now() })
const longAgo: Moment = { steady: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY }

/** How long ago that may be: for how old an answer is. A suspended machine's first clock stands still. */
const atMostSince = ({ steady, wall }: Moment) =>
  Math.max(performance.now() - steady, Date.now() - wall)

/** How long ago that is for certain: for what must not be forgotten too soon. The second may be set. */
const atLeastSince = ({ steady, wall }: Moment) =>
  Math.min(performance.now() - steady, Date.now() - wall)

/** Rows are needed as long as a cookie written just before them may live; the margin is generous. */
export const retentionSeconds = env.SESSION_CACHE_MAX_AGE + minutes(5)

/** News of more sessions and users is not kept in memory; until it has aged, nothing cached is believed. */
const mostRows = 50_000

/** Longest a reader waits for news before cached sessions are believed without, in milliseconds. */
const readDeadline = 1_000

/** After so many delays without a reader, the next one waits even while reads fail. */
const pauseFactor = 5

const pruneInterval = minutes(1) * 1000

export type Cached = { sessionId: string; userId: string; userUpdatedAt: Date | string }

type FeedRow = {
  session: string | null
  user: string | null
  updated: number | null
  /** Of a row that names nobody: for how many seconds no copy from before it may have been believed. */
  age: number | null
}
export type FeedPage = {
  /** Every transaction before this one has ended: the next page begins here. */
  horizon: string
  /** Since when this database server runs: it may count otherwise than the one before. */
  epoch: string
  /** Which database it is, whatever its server. */
  database: string
  rows: FeedRow[]
}

type Options = {
  /** Reads the rows of transactions from `since` on; "0" for all that are retained. */
  read: (since: string) => Promise<FeedPage>
  /** Deletes rows nobody needs any more. */
  prune: () => Promise<unknown>
  /** How old an answer may be, in milliseconds. */
  delay: number
}

export class InvalidationFeed {
  readonly #options: Options
  #horizon = "0"
  #source: { epoch: string; database: string } | null = null
  #endedSessions = new Map<string, { learnedAt: Moment }>()
  #changedUsers = new Map<string, { learnedAt: Moment; updatedAt: number }>()
  #distrust: { begun: Moment; milliseconds: number } | null = null
  #triedAt = longAgo
  #prunedAt = now()
  #reading: Promise<void> | null = null
  #failed = false

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * Whether a cached session must be read from the database instead. Known at once unless it is time
   * to ask: most reads then cost no promise.
   */
  isInvalidated(cached: Cached): boolean | Promise<boolean> {
    const age = atMostSince(this.#triedAt)
    if (age >= this.#options.delay && !this.#reading) this.#startReading()
    // While reads fail they go on beside: waiting for each would slow every request down. After a
    // pause there is no crowd to slow down, and news may have been missed.
    const mayWait = !this.#failed || age >= this.#options.delay * pauseFactor
    if (!this.#reading || !mayWait) return this.#isKnown(cached)
    return this.#reading.then(() => {
      // What was read before the process was frozen is old by now.
      const isOld = atMostSince(this.#triedAt) >= this.#options.delay + readDeadline
      return isOld && !this.#failed ? this.isInvalidated(cached) : this.#isKnown(cached)
    })
  }

  #isKnown(cached: Cached): boolean {
    if (this.#distrust && this.#distrustLeft() > 0) return true
    if (this.#endedSessions.has(cached.sessionId)) return true
    const change = this.#changedUsers.get(cached.userId)
    return change !== undefined && new Date(cached.userUpdatedAt).getTime() < change.updatedAt
  }

  #distrustLeft(): number {
    return this.#distrust ? this.#distrust.milliseconds - atLeastSince(this.#distrust.begun) : 0
  }

  /** Believes no copy until all that exist by now have lapsed. */
  #distrustAll(age: number): void {
    const milliseconds = (retentionSeconds - age) * 1000
    if (milliseconds > this.#distrustLeft()) this.#distrust = { begun: now(), milliseconds }
  }

  #startReading(): void {
    // Counted from the start: what is written while the query runs is not in its answer.
    this.#triedAt = now()
    this.#reading = this.#read().finally(() => {
      this.#reading = null
    })
  }

  async #read(): Promise<void> {
    try {
      this.#learn(await this.#readNews())
      this.#failed = false
      this.#forget()
    } catch (error) {
      // An outage must not end anyone's cached session, and the guard has reported it. Anything else
      // is a fault that would make revocations wait for the cache to lapse.
      const isOutage = error instanceof DatabaseError && error.unavailable
      if (!this.#failed && !isOutage) console.error("The invalidation feed cannot be read.", error)
      this.#failed = true
    }
  }

  async #readNews(): Promise<FeedPage> {
    const page = await this.#options.read(this.#horizon)
    const known = this.#source
    if (!known) return page
    // A copy of a database need not know the sessions that began in the other one, nor what ended there.
    const countsLower = BigInt(page.horizon) < BigInt(this.#horizon)
    const isAnother = countsLower || page.database !== known.database
    if (isAnother) this.#distrustAll(0)
    // Its numbers may have passed ours, and then tell nothing of what we have missed.
    return isAnother || page.epoch !== known.epoch ? this.#options.read("0") : page
  }

  #learn({ horizon, epoch, database, rows }: FeedPage): void {
    const learnedAt = now()
    this.#horizon = horizon
    this.#source = { epoch, database }
    for (const { session, user, updated, age } of rows) {
      if (age !== null) this.#distrustAll(age)
      if (session) this.#endedSessions.set(session, { learnedAt })
      const updatedAt = Math.max(updated ?? 0, this.#changedUsers.get(user ?? "")?.updatedAt ?? 0)
      if (user) this.#changedUsers.set(user, { learnedAt, updatedAt })
    }
    if (this.#endedSessions.size + this.#changedUsers.size <= mostRows) return
    this.#distrustAll(0)
    this.#endedSessions.clear()
    this.#changedUsers.clear()
  }

  /** Drops what no cookie can be old enough for, here and in the database, now and then. */
  #forget(): void {
    if (atMostSince(this.#prunedAt) < pruneInterval) return
    this.#prunedAt = now()
    for (const known of [this.#endedSessions, this.#changedUsers]) {
      for (const [id, { learnedAt }] of known) {
        if (atLeastSince(learnedAt) > retentionSeconds * 1000) known.delete(id)
      }
    }
    this.#options.prune().catch((error: unknown) => console.error(error))
  }
}

/** Reads the rows of transactions from `since` on. */
export async function readFeed(since: string): Promise<FeedPage> {
  const page = sql`
    select
      pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
      extract(epoch from pg_postmaster_start_time())::text as epoch,
      concat_ws(
        ' ',
        (select oid from pg_database where datname = current_database()),
        'session_invalidation'::regclass::oid
      ) as database,
      coalesce((
        select json_agg(news) from (
          select
            session_id as session,
            user_id as user,
            (extract(epoch from max(user_updated_at)) * 1000)::bigint as updated,
            case when session_id is null and user_id is null
              then extract(epoch from clock_timestamp() - max(at))
            end as age
          from session_invalidation
          where transaction >= ${since}::text::xid8
            and at > now() - make_interval(secs => ${retentionSeconds}::int)
          group by session_id, user_id
          limit ${mostRows + 1}
        ) news
      ), '[]') as rows`
  // Not the business of the request that happens to ask: its outcome must not depend on it.
  const read = () => guardedUrgentRead(() => rowsOf<FeedPage>(db.execute(page)), readDeadline)
  const [answer] = await withoutWatch(read)
  if (!answer) throw new Error("The invalidation feed gave no answer.")
  return answer
}

const pruneFeed = () =>
  withoutWatch(() =>
    guarded(() =>
      Promise.resolve(
        // What somebody holds is news again in a moment, and nobody is to wait for it meanwhile.
        db.execute(sql`
          delete from session_invalidation where id in (
            select id from session_invalidation
            where at < now() - make_interval(secs => ${retentionSeconds}::int)
            limit ${mostRows}
            for update skip locked
          )`),
      ),
    ),
  )

// One per server, however many bundles Next makes of this module.
const shared = globalThis as typeof globalThis & { invalidationFeed?: InvalidationFeed }

shared.invalidationFeed ??= new InvalidationFeed({
  read: readFeed,
  prune: pruneFeed,
  delay: env.SESSION_REVOCATION_DELAY * 1000,
})

export const invalidationFeed: InvalidationFeed = shared.invalidationFeed

/** The version of a cached session that may be believed. */
export const validVersion = "1"

/**
 * For `session.cookieCache.version`: Better Auth asks when it writes a cached session and whenever it
 * is about to trust one, and reads the row when the answers differ.
 */
export async function cacheVersion(
  session: { id: string; userId: string; createdAt: Date | string; expiresAt: Date | string },
  user: { updatedAt: Date | string },
): Promise<string> {
  // The limits may have been lowered since the copy was written.
  if (hasEnded(session, new Date())) return randomUUID()
  // A row that is being created: there can be no news of it, and the only connection may be its own.
  if (isInTransaction()) return validVersion
  const cached = { sessionId: session.id, userId: session.userId, userUpdatedAt: user.updatedAt }
  // Never the same twice, so that a copy written as invalid is not believed either.
  return (await invalidationFeed.isInvalidated(cached)) ? randomUUID() : validVersion
}
