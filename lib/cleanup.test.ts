/** The clean-up, on a database of this file's own: it touches every row there is. */
import "@/lib/testing/own-database"
import { randomUUID } from "node:crypto"
import { eq, gt, type SQL, sql } from "drizzle-orm"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { cleanUp } from "@/lib/cleanup"
import { db } from "@/lib/db"
import { rowsOf } from "@/lib/db/rows"
import {
  activity,
  rateLimit,
  session,
  sessionInvalidation,
  user,
  verification,
} from "@/lib/db/schema"
import { retentionSeconds } from "@/lib/sessions/invalidation"
import { policy } from "@/lib/sessions/policy"
import { listenToLog } from "@/lib/testing/activity"
import { newBrowser, signedUp } from "@/lib/testing/browser"
import { ownUrl } from "@/lib/testing/own-database"
import { days, hours, minutes } from "@/lib/time"

/** The embedded database works in this very process, and lets nobody in while a batch runs. */
const many = ownUrl ? 100_000 : 20_000

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)

const count = async (what: SQL) => {
  const query = db.execute(sql`select count(*)::int as count from ${what}`)
  const [row] = await rowsOf<{ count: number }>(query)
  return row?.count ?? 0
}

const expired = sql`session where expires_at < now()`

/** Adds `total` sessions that ended an hour ago. Without a statement's deadline: nobody waits. */
async function addExpired(userId: string, total: number): Promise<void> {
  const before = await count(expired)
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 0`)
    await tx.execute(sql`
      insert into session (id, token, user_id, created_at, expires_at, last_active_at)
      select
        gen_random_uuid()::text, gen_random_uuid()::text, ${userId},
        now() - interval '3 days', now() - interval '1 hour', now() - interval '3 days'
      from generate_series(1, ${total}::int)`)
  })
  expect(await count(expired)).toBe(before + total)
}

// Each test counts what it put there itself.
beforeEach(async () => {
  await cleanUp()
})

describe("the clean-up", () => {
  it("deletes expired sessions and no other", async () => {
    const { userId, browser } = await signedUp()
    await addExpired(userId, 7)
    expect(await cleanUp()).toMatchObject({ sessions: 7, shortened: 0 })
    expect(await count(expired)).toBe(0)
    expect(await browser.list()).toHaveLength(1)
    expect(await cleanUp()).toMatchObject({ sessions: 0 })
  })

  it("deletes verifications that nobody can use any more", async () => {
    const row = (expiresAt: Date) => ({ id: randomUUID(), identifier: "x", value: "y", expiresAt })
    const [old, usable] = [row(ago(1)), row(ago(-hours(1)))]
    await db.insert(verification).values([old, usable])
    expect(await cleanUp()).toMatchObject({ verifications: 1 })
    const left = await db.select().from(verification)
    expect(left.map(({ id }) => id)).toContain(usable.id)
    expect(left.map(({ id }) => id)).not.toContain(old.id)
  })

  it("deletes rate limits whose window is long over", async () => {
    const row = (lastRequest: Date) => ({
      id: randomUUID(),
      key: randomUUID(),
      count: 3,
      lastRequest: lastRequest.getTime(),
    })
    const mail = (lastRequest: Date) => ({ ...row(lastRequest), key: `mail|${randomUUID()}` })
    const gone = [row(ago(hours(2))), mail(ago(hours(25)))]
    const current = [row(ago(minutes(1))), mail(ago(hours(23)))]
    await db.insert(rateLimit).values([...gone, ...current])
    expect(await cleanUp()).toMatchObject({ rateLimits: 2 })
    const left = (await db.select().from(rateLimit)).map(({ id }) => id)
    expect(left.sort()).toEqual(current.map(({ id }) => id).sort())
  })

  it("deletes news that no copy in a cookie is old enough for", async () => {
    const row = (at: Date) => ({ sessionId: randomUUID(), at })
    const [old, recent] = [row(ago(retentionSeconds + 5)), row(ago(retentionSeconds - 60))]
    await db.insert(sessionInvalidation).values([old, recent])
    expect(await cleanUp()).toMatchObject({ invalidations: 1 })
    const left = (await db.select().from(sessionInvalidation)).map(({ sessionId }) => sessionId)
    expect(left).toContain(recent.sessionId)
    expect(left).not.toContain(old.sessionId)
  })

  it("deletes activity when it has been kept long enough", async () => {
    const { userId } = await signedUp()
    const row = (at: Date) => ({
      at,
      userId,
      kind: "sign-in",
      actor: "user",
      sessionId: randomUUID(),
    })
    const [old, kept] = [row(ago(policy.activityRetention + 60)), row(ago(days(89)))]
    await db.insert(activity).values([old, kept])
    expect(await cleanUp()).toMatchObject({ activity: 1 })
    const left = await db.select().from(activity).where(eq(activity.userId, userId))
    expect(left.map(({ sessionId }) => sessionId)).toContain(kept.sessionId)
    expect(left.map(({ sessionId }) => sessionId)).not.toContain(old.sessionId)
  })

  it("moves ends that were set when the limits were higher, when asked to", async () => {
    const { userId, sessionId } = await signedUp()
    const row = (began: number, ends: number) => ({
      id: randomUUID(),
      token: randomUUID(),
      userId,
      createdAt: ago(began),
      expiresAt: ago(-ends),
    })
    const over = row(policy.absolute + hours(1), hours(1))
    const nearlyOver = row(policy.absolute - hours(1), days(1))
    const idleTooLong = row(hours(1), policy.idle + days(5))
    await db.insert(session).values([over, nearlyOver, idleTooLong])
    const rows = () => db.select().from(session).where(eq(session.userId, userId))
    const before = await rows()
    expect(await cleanUp()).toMatchObject({ shortened: 0, sessions: 0 })
    expect(await rows()).toEqual(before)
    expect(await cleanUp({ applyLimits: true })).toMatchObject({ shortened: 3, sessions: 1 })
    const left = await rows()
    const ends = Object.fromEntries(left.map(({ id, expiresAt }) => [id, expiresAt.getTime()]))
    expect(Object.keys(ends).sort()).toEqual([sessionId, nearlyOver.id, idleTooLong.id].sort())
    expect(ends[nearlyOver.id]).toBe(nearlyOver.createdAt.getTime() + policy.absolute * 1000)
    expect(ends[idleTooLong.id]).toBeLessThanOrEqual(Date.now() + policy.idle * 1000)
  })

  it("takes the other steps when one fails, and tells of each failure", async () => {
    const { userId } = await signedUp()
    await addExpired(userId, 2)
    const id = randomUUID()
    await db.insert(verification).values({ id, identifier: "x", value: "y", expiresAt: ago(1) })
    await db.insert(rateLimit).values({ id, key: id, count: 1, lastRequest: 0 })
    await db.insert(sessionInvalidation).values({ sessionId: id, at: ago(retentionSeconds + 5) })
    await db.execute(sql`
      create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'too slow' using errcode = tg_argv[0]; end $$`)
    await db.execute(sql`
      create trigger refused before delete on session execute function refuse('57014')`)
    await db.execute(sql`
      create trigger refused before delete on rate_limit execute function refuse('40P01')`)
    const log = listenToLog()
    try {
      await expect(cleanUp()).rejects.toMatchObject({ code: "57014" })
      expect(log.text()).toMatch(/^The clean-up failed\. DatabaseError: .*40P01/)
      // Neither is an outage that the server would report, and take back with its next query.
      expect(log.text()).not.toContain("503")
      expect(await count(sql`verification where id = ${id}`)).toBe(0)
      expect(await count(sql`session_invalidation where session_id = ${id}`)).toBe(0)
      expect(await count(expired)).toBe(2)
    } finally {
      vi.restoreAllMocks()
      await db.execute(sql`drop function refuse cascade`)
    }
    expect(await cleanUp()).toMatchObject({ sessions: 2, rateLimits: 1 })
  })

  it("begins no batch after its deadline", async () => {
    const { userId } = await signedUp()
    await addExpired(userId, 3)
    expect(await cleanUp({ deadline: Date.now() - 1 })).toMatchObject({ sessions: 0 })
    expect(await count(expired)).toBe(3)
  })

  it("keeps nobody waiting for what somebody else holds", async () => {
    const { userId } = await signedUp()
    await addExpired(userId, 3)
    if (!ownUrl) {
      // One transaction at a time: nothing can be held beside it.
      expect(await cleanUp()).toMatchObject({ sessions: 3 })
      return
    }
    await db.transaction(async (tx) => {
      await tx.execute(sql`select id from ${expired} limit 1 for update`)
      expect(await cleanUp()).toMatchObject({ sessions: 2 })
    })
    expect(await cleanUp()).toMatchObject({ sessions: 1 })
  })

  it(`run twice at once, ends with none of ${many} expired sessions (an embedded database has fewer), and sign-ins go on`, async () => {
    const { userId, email } = await signedUp()
    await addExpired(userId, many)
    const began = performance.now()
    let isCleaning = true
    const cleanUps = Promise.all([cleanUp(), cleanUp()]).finally(() => {
      isCleaning = false
    })
    const answers: number[] = []
    let slowest = 0
    while (isCleaning || answers.length < 3) {
      const sentAt = performance.now()
      answers.push((await newBrowser().signIn(email)).status)
      slowest = Math.max(slowest, performance.now() - sentAt)
    }
    const counts = await cleanUps
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.info(
      `${many} rows in ${seconds} s; ${answers.length} sign-ins, the slowest ${Math.round(slowest)} ms`,
    )
    expect(counts.reduce((total, { sessions }) => total + sessions, 0)).toBe(many)
    expect(await count(expired)).toBe(0)
    expect(new Set(answers)).toEqual(new Set([200]))
    const live = await db.select().from(session).where(gt(session.expiresAt, new Date()))
    expect(live.filter((row) => row.userId === userId).length).toBe(
      Math.min(answers.length + 1, policy.limit),
    )
    expect(await db.select().from(user).where(eq(user.id, userId))).toHaveLength(1)
  }, 300_000)
})
