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
import { guarded } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { isInTransaction } from "@/lib/db/transaction"
import { env } from "@/lib/env"
import { minutes } from "@/lib/time"
import { hasEnded } from "./policy"

/** A moment on a clock that nobody sets back, in milliseconds. */
const now = () => performance.now()

/** Rows are needed as long as a cookie written just before them may live; the margin is generous. */
export const retentionSeconds = env.SESSION_CACHE_MAX_AGE + minutes(5)

/** More news than this is not kept in memory; until it has aged, nothing cached is believed. */
const mostRows = 50_000

/** Longest a reader waits for news before cached sessions are believed without, in milliseconds. */
const readDeadline = 1_000

/** After so many delays without a reader, the next one waits even while reads fail. */
const pauseFactor = 5

const pruneInterval = minutes(1) * 1000

export type Cached = { sessionId: string; userId: string; userUpdatedAt: Date | string }

type FeedRow = { session: string | null; user: string | null; updated: number | null }
export type FeedPage = {
  /** Every transaction before this one has ended: the next page begins here. */
  horizon: string
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
  #endedSessions = new Map<string, { learnedAt: number }>()
  #changedUsers = new Map<string, { learnedAt: number; updatedAt: number }>()
  #distrustUntil = Number.NEGATIVE_INFINITY
  #triedAt = Number.NEGATIVE_INFINITY
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
    const age = now() - this.#triedAt
    if (age >= this.#options.delay && !this.#reading) this.#startReading()
    // While reads fail they go on beside: waiting for each would slow every request down. After a
    // pause there is no crowd to slow down, and news may have been missed.
    const mayWait = !this.#failed || age >= this.#options.delay * pauseFactor
    if (this.#reading && mayWait) return this.#reading.then(() => this.#isKnown(cached))
    return this.#isKnown(cached)
  }

  #isKnown(cached: Cached): boolean {
    if (now() < this.#distrustUntil || this.#endedSessions.has(cached.sessionId)) return true
    const change = this.#changedUsers.get(cached.userId)
    return change !== undefined && new Date(cached.userUpdatedAt).getTime() < change.updatedAt
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
      let page = await this.#options.read(this.#horizon)
      // Counting began anew: this is another database cluster, restored or failed over to.
      if (BigInt(page.horizon) < BigInt(this.#horizon)) page = await this.#options.read("0")
      this.#learn(page)
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

  #learn({ horizon, rows }: FeedPage): void {
    const learnedAt = now()
    this.#horizon = horizon
    for (const { session, user, updated } of rows) {
      if (session) this.#endedSessions.set(session, { learnedAt })
      const updatedAt = Math.max(updated ?? 0, this.#changedUsers.get(user ?? "")?.updatedAt ?? 0)
      if (user) this.#changedUsers.set(user, { learnedAt, updatedAt })
    }
    if (this.#endedSessions.size + this.#changedUsers.size <= mostRows) return
    this.#distrustUntil = learnedAt + retentionSeconds * 1000
    this.#endedSessions.clear()
    this.#changedUsers.clear()
  }

  /** Drops what no cookie can be old enough for, here and in the database, now and then. */
  #forget(): void {
    if (now() - this.#prunedAt < pruneInterval) return
    this.#prunedAt = now()
    const oldest = now() - retentionSeconds * 1000
    for (const known of [this.#endedSessions, this.#changedUsers]) {
      for (const [id, { learnedAt }] of known) if (learnedAt < oldest) known.delete(id)
    }
    this.#options.prune().catch((error: unknown) => console.error(error))
  }
}

async function readFeed(since: string): Promise<FeedPage> {
  const page = sql`
    select
      pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
      coalesce((
        select json_agg(news) from (
          select
            session_id as session,
            user_id as user,
            (extract(epoch from user_updated_at) * 1000)::bigint as updated
          from session_invalidation
          where transaction >= ${since}::text::xid8
            and at > now() - make_interval(secs => ${retentionSeconds}::int)
          limit ${mostRows + 1}
        ) news
      ), '[]') as rows`
  // Not the business of the request that happens to ask: its outcome must not depend on it.
  const read = () => guarded(() => rowsOf<FeedPage>(db.execute(page)), readDeadline)
  const [answer] = await withoutWatch(read)
  if (!answer) throw new Error("The invalidation feed gave no answer.")
  return answer
}

const pruneFeed = () =>
  withoutWatch(() =>
    guarded(() =>
      Promise.resolve(
        db.execute(sql`
          delete from session_invalidation
          where at < now() - make_interval(secs => ${retentionSeconds}::int)`),
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
