import { randomUUID } from "node:crypto"
import { eq, sql } from "drizzle-orm"
import postgres from "postgres"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { auth } from "@/lib/auth"
import { db } from "@/lib/db"
import { session, sessionInvalidation, user } from "@/lib/db/schema"
import { newBrowser, signedUp } from "@/lib/testing/browser"
import { type FeedPage, InvalidationFeed, readFeed } from "./invalidation"

const delay = 1000
// Whole, so that sums of it are exact.
let clock = Math.ceil(performance.now())
const started = { steady: clock, wall: Date.now() }
beforeEach(() => {
  clock += 10 * delay
  vi.spyOn(performance, "now").mockImplementation(() => clock)
})

/** Lets the other clock go along, for what is forgotten by the one that says less. */
const moveBothClocks = () =>
  vi.spyOn(Date, "now").mockImplementation(() => started.wall + clock - started.steady)

const cached = { sessionId: "s1", userId: "u1", userUpdatedAt: new Date(1000) }
const page = (horizon: number, ...rows: Partial<FeedPage["rows"][number]>[]): FeedPage => ({
  horizon: String(horizon),
  epoch: "1",
  database: "1",
  rows: rows.map((row) => ({ session: null, user: null, updated: null, age: null, ...row })),
})

function feedOf(...pages: (FeedPage | Error)[]) {
  const read = vi.fn(async (_since: string) => {
    const next = pages.shift() ?? page(1)
    if (next instanceof Error) throw next
    return next
  })
  const prune = vi.fn(async () => {})
  return { feed: new InvalidationFeed({ read, prune, delay }), read, prune }
}

describe("InvalidationFeed", () => {
  it("knows a session that ended", async () => {
    const { feed } = feedOf(page(1, { session: "s1" }))
    expect(await feed.isInvalidated(cached)).toBe(true)
    expect(await feed.isInvalidated({ ...cached, sessionId: "s2" })).toBe(false)
  })

  it("knows a user that changed since the copy was made, to the millisecond", async () => {
    const { feed } = feedOf(page(1, { user: "u1", updated: 1001 }))
    expect(await feed.isInvalidated(cached)).toBe(true)
    expect(
      await feed.isInvalidated({ ...cached, userUpdatedAt: new Date(1001).toISOString() }),
    ).toBe(false)
    expect(await feed.isInvalidated({ ...cached, userId: "u2" })).toBe(false)
  })

  it("reads once per delay, however many ask", async () => {
    const { feed, read } = feedOf()
    await Promise.all(Array.from({ length: 200 }, () => feed.isInvalidated(cached)))
    expect(read).toHaveBeenCalledTimes(1)
    clock += delay - 1
    await feed.isInvalidated(cached)
    expect(read).toHaveBeenCalledTimes(1)
    clock += 1
    await feed.isInvalidated(cached)
    expect(read).toHaveBeenCalledTimes(2)
  })

  it("goes on where every transaction has ended, not where the last row stood", async () => {
    const { feed, read } = feedOf(page(7), page(9), page(9))
    await feed.isInvalidated(cached)
    clock += delay
    await feed.isInvalidated(cached)
    clock += delay
    await feed.isInvalidated(cached)
    expect(read.mock.calls.map(([since]) => since)).toEqual(["0", "7", "9"])
  })

  it("begins anew when transactions count from lower down: another cluster took over", async () => {
    const { feed, read } = feedOf(page(1000), page(5), page(5, { session: "s1" }))
    await feed.isInvalidated(cached)
    clock += delay
    expect(await feed.isInvalidated(cached)).toBe(true)
    expect(read.mock.calls.map(([since]) => since)).toEqual(["0", "1000", "0"])
  })

  it("begins anew when the server was started again: its numbers may have passed ours", async () => {
    const restarted = { ...page(1001, { session: "s1" }), epoch: "2" }
    const { feed, read } = feedOf(page(1000), { ...page(1001), epoch: "2" }, restarted)
    await feed.isInvalidated(cached)
    clock += delay
    expect(await feed.isInvalidated(cached)).toBe(true)
    expect(await feed.isInvalidated({ ...cached, sessionId: "s2" })).toBe(false)
    expect(read.mock.calls.map(([since]) => since)).toEqual(["0", "1000", "0"])
  })

  it("believes no copy of another database", async () => {
    const another = { ...page(1001), database: "2" }
    const { feed } = feedOf(page(1000), another, another, another)
    moveBothClocks()
    await feed.isInvalidated(cached)
    clock += delay
    expect(await feed.isInvalidated(cached)).toBe(true)
    clock += 601_000
    expect(await feed.isInvalidated(cached)).toBe(false)
  })

  it("believes no copy from before a table was emptied, and those from afterwards", async () => {
    moveBothClocks()
    const { feed } = feedOf(page(1, { age: 100 }))
    expect(await feed.isInvalidated(cached)).toBe(true)
    clock += 499_000
    expect(await feed.isInvalidated(cached)).toBe(true)
    clock += 2_000
    expect(await feed.isInvalidated(cached)).toBe(false)
  })

  it("looks again when it was frozen while it looked", async () => {
    const wall = vi.spyOn(Date, "now")
    const { feed, read } = feedOf()
    read.mockImplementationOnce(async () => {
      wall.mockReturnValue(Date.now() + 3_600_000)
      return page(1)
    })
    read.mockResolvedValueOnce(page(2, { session: "s1" }))
    expect(await feed.isInvalidated(cached)).toBe(true)
    expect(read).toHaveBeenCalledTimes(2)
  })

  it("looks before it believes, however long the process was frozen and whichever clock stood still", async () => {
    const wall = vi.spyOn(Date, "now")
    for (const advance of [
      // Awake for 10 ms of every 5 s, as a suspended machine or a serverless function is.
      () => {
        clock += 10
        wall.mockReturnValue(Date.now() + 5_000)
      },
      // The clock of the day is set back again and again.
      () => {
        clock += 5_000
        wall.mockReturnValue(Date.now() - 60_000)
      },
    ]) {
      const { feed, read } = feedOf()
      for (let request = 0; request < 60; request++) {
        read.mockResolvedValueOnce(page(1, request >= 30 ? { session: "s1" } : {}))
        expect(await feed.isInvalidated(cached)).toBe(request >= 30)
        advance()
      }
      expect(read).toHaveBeenCalledTimes(60)
    }
  })

  it("believes cached sessions while it cannot read, and does not make them wait again", async () => {
    const { feed, read } = feedOf(new Error("down"))
    expect(await feed.isInvalidated(cached)).toBe(false)
    clock += delay
    let answer = (_page: FeedPage) => {}
    read.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    )
    expect(await feed.isInvalidated(cached)).toBe(false)
    answer(page(3, { session: "s1" }))
    await vi.waitFor(async () => expect(await feed.isInvalidated(cached)).toBe(true))
  })

  it("waits for news after a pause, also when the last read failed", async () => {
    const { feed } = feedOf(new Error("down"), page(1, { session: "s1" }))
    await feed.isInvalidated(cached)
    clock += 5 * delay
    expect(await feed.isInvalidated(cached)).toBe(true)
  })

  it("says once what is wrong when it is no outage", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {})
    const { feed } = feedOf(new Error("no such table"), new Error("no such table"))
    await feed.isInvalidated(cached)
    clock += 5 * delay
    await feed.isInvalidated(cached)
    expect(said).toHaveBeenCalledTimes(1)
  })

  it("keeps what it knows through an outage", async () => {
    const { feed } = feedOf(page(1, { session: "s1" }), new Error("down"))
    await feed.isInvalidated(cached)
    clock += delay
    expect(await feed.isInvalidated(cached)).toBe(true)
  })

  it("believes nothing for a while when there is more news than it can keep", async () => {
    const flood = Array.from({ length: 50_001 }, (_, at) => ({ session: `other ${at}` }))
    const { feed } = feedOf(page(1, ...flood))
    expect(await feed.isInvalidated(cached)).toBe(true)
    clock += 601_000
    // The other clock may have been set, or this one have gone on while the machine slept.
    expect(await feed.isInvalidated(cached)).toBe(true)
    moveBothClocks()
    expect(await feed.isInvalidated(cached)).toBe(false)
  })

  it("forgets, and prunes, what no cookie can be old enough for", async () => {
    const { feed, prune } = feedOf(page(1, { session: "s1" }))
    await feed.isInvalidated(cached)
    moveBothClocks()
    clock += 601_000
    expect(await feed.isInvalidated(cached)).toBe(false)
    expect(prune).toHaveBeenCalledTimes(1)
  })
})

describe("what the database writes into the feed", () => {
  const newsOf = (column: "sessionId" | "userId", id: string) =>
    db.select().from(sessionInvalidation).where(eq(sessionInvalidation[column], id))

  it("is a row for each session that ends, whichever way", async () => {
    const first = await signedUp()
    const second = newBrowser()
    await second.signIn(first.email)
    const id = (await second.session()).session.id
    await db.delete(session).where(eq(session.id, id))
    expect(await newsOf("sessionId", id)).toHaveLength(1)
    await db.delete(user).where(eq(user.id, first.userId))
    expect(await newsOf("sessionId", first.sessionId)).toHaveLength(1)
  })

  it("is nothing for a session that had expired by itself", async () => {
    const { userId } = await signedUp()
    const id = randomUUID()
    await db
      .insert(session)
      .values({ id, token: id, userId, expiresAt: new Date(Date.now() - 1000) })
    await db.delete(session).where(eq(session.id, id))
    expect(await newsOf("sessionId", id)).toHaveLength(0)
  })

  it("is a row for a session whose end was moved closer, and none for one in use", async () => {
    const { sessionId } = await signedUp()
    const set = (values: object) => db.update(session).set(values).where(eq(session.id, sessionId))
    await set({ lastActiveAt: new Date(), expiresAt: new Date(Date.now() + 10 * 86_400_000) })
    expect(await newsOf("sessionId", sessionId)).toHaveLength(0)
    await set({ expiresAt: new Date(Date.now() + 1000) })
    expect(await newsOf("sessionId", sessionId)).toHaveLength(1)
  })

  it("is a row for a user changed by plain SQL, and the row says when", async () => {
    const { userId } = await signedUp()
    await db.execute(sql`update "user" set name = 'Bea' where id = ${userId}`)
    const [news] = await newsOf("userId", userId)
    const [row] = await db.select().from(user).where(eq(user.id, userId))
    expect(news?.userUpdatedAt).toEqual(row?.updatedAt)
    expect(row?.updatedAt.getTime()).toBeGreaterThan(row?.createdAt.getTime() ?? 0)
  })

  it("tells apart two changes within a millisecond", async () => {
    const { userId } = await signedUp()
    const moments = await Promise.all(
      ["a", "b", "c"].map(async (name) => {
        const [changed] = await db
          .update(user)
          .set({ name })
          .where(eq(user.id, userId))
          .returning({ at: user.updatedAt })
        return changed?.at.getTime() ?? 0
      }),
    )
    expect(new Set(moments).size).toBe(3)
    const [news] = await newsOf("userId", userId)
    expect(news?.userUpdatedAt?.getTime()).toBe(Math.max(...moments))
  })

  it("is one row for a user, however often they change", async () => {
    const { userId } = await signedUp()
    for (let save = 0; save < 251; save++) {
      await db
        .update(user)
        .set({ name: `Ana ${save}` })
        .where(eq(user.id, userId))
    }
    expect(await newsOf("userId", userId)).toHaveLength(1)
  })

  it.each(["session", '"user"', "session_invalidation"])(
    "says to believe nothing when %s was emptied",
    async (table) => {
      await signedUp()
      const rollback = new Error("Others need the rows.")
      const emptied = db.transaction(async (tx) => {
        await tx.execute(sql.raw(`truncate ${table} cascade`))
        const named = { session: sessionInvalidation.sessionId, user: sessionInvalidation.userId }
        const rows = await tx
          .select(named)
          .from(sessionInvalidation)
          .orderBy(sessionInvalidation.id)
        expect(rows.at(-1)).toEqual({ session: null, user: null })
        throw rollback
      })
      await expect(emptied).rejects.toBe(rollback)
    },
  )
})

describe("a user whom two transactions change, the older of which ends last", () => {
  const server = process.env.DATABASE_URL
  if (!server) {
    it("needs more connections than the embedded database has", () =>
      expect(server).toBe(undefined))
    return
  }
  const steps = [
    "older begins",
    "newer changes",
    "older waits",
    "newer ends",
    "older ends",
    "another follows",
  ] as const
  type Step = (typeof steps)[number]
  // Every way to read in between: after which of the steps.
  const readings = Array.from({ length: 2 ** steps.length }, (_, bits) =>
    steps.filter((_step, at) => bits & (1 << at)),
  )

  it("is known as of the last one, whenever a server reads in between", async () => {
    vi.restoreAllMocks()
    const client = postgres(server, { max: 3 })
    const [older, newer] = await Promise.all([client.reserve(), client.reserve()])
    const [olderPid] = await older`select pg_backend_pid() as pid`
    for (const reading of readings) {
      const id = randomUUID()
      await db.insert(user).values({ id, name: "Ana", email: `${id}@example.com` })
      const feed = new InvalidationFeed({ read: readFeed, prune: async () => {}, delay: 0 })
      /** When the last change that was committed happened. */
      let changedAt = 0
      const check = async () => {
        const copy = { sessionId: "none", userId: id, userUpdatedAt: new Date(changedAt - 1) }
        expect(await feed.isInvalidated(copy)).toBe(changedAt > 0)
      }
      const change = (by: typeof older) =>
        by`update "user" set name = ${randomUUID()} where id = ${id} returning updated_at`
      let waiting: ReturnType<typeof change> | null = null
      let changing: Awaited<ReturnType<typeof change>> | null = null
      const run: Record<Step, () => Promise<unknown>> = {
        "older begins": async () => {
          await older`begin`
          await older`select pg_current_xact_id()`
        },
        "newer changes": async () => {
          await newer`begin`
          changing = await change(newer)
        },
        "older waits": async () => {
          waiting = change(older).execute()
          // Sent, and waiting for the row.
          await vi.waitFor(async () => {
            const [row] = await client`
              select from pg_locks where not granted and pid = ${olderPid?.pid}`
            expect(row).toBeDefined()
          })
        },
        "newer ends": async () => {
          await newer`commit`
          changedAt = changing?.[0]?.updated_at.getTime()
        },
        "older ends": async () => {
          const rows = await waiting
          await older`commit`
          changedAt = rows?.[0]?.updated_at.getTime()
        },
        "another follows": async () => {
          const [row] = await client`
            update "user" set name = 'Bea' where id = ${id} returning updated_at`
          changedAt = row?.updated_at.getTime()
        },
      }
      for (const step of steps) {
        await run[step]()
        if (reading.includes(step)) await check()
      }
      await check()
    }
    older.release()
    newer.release()
    await client.end()
  })
})

describe("a cached session, read by code and over HTTP", () => {
  const cookieOf = (browser: ReturnType<typeof newBrowser>) =>
    [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  const readByCode = (cookie: string) => auth.api.getSession({ headers: new Headers({ cookie }) })

  it("is denied once the session has been revoked", async () => {
    const { browser, email } = await signedUp()
    const phone = newBrowser()
    await phone.signIn(email)
    const cookie = cookieOf(phone)
    const id = (await phone.session()).session.id
    expect((await readByCode(cookie))?.session.id).toBe(id)
    await browser.post("/revoke-session", { id })
    clock += delay
    expect(await readByCode(cookie)).toBeNull()
    expect(await phone.session()).toBeNull()
    expect(await browser.session()).not.toBeNull()
  })

  it.each([
    ["token", sql`token = token || 'x'`, undefined],
    ["beginning", sql`created_at = created_at - interval '400 days'`, undefined],
    ["id", sql`id = id || 'x'`, "x"],
  ])("is not what it was when plain SQL has changed its %s", async (_, change, suffix) => {
    const { browser, sessionId } = await signedUp()
    const cookie = cookieOf(browser)
    expect(await readByCode(cookie)).not.toBeNull()
    await db.execute(sql`update session set ${change} where id = ${sessionId}`)
    clock += delay
    const id = suffix && `${sessionId}${suffix}`
    expect((await readByCode(cookie))?.session.id).toBe(id)
  })

  it("shows a user as changed by plain SQL", async () => {
    const { browser, userId } = await signedUp()
    const cookie = cookieOf(browser)
    expect((await readByCode(cookie))?.user.name).toBe("Ana")
    await db.execute(
      sql`update "user" set name = 'Bea', email_verified = true where id = ${userId}`,
    )
    clock += delay
    expect((await readByCode(cookie))?.user).toMatchObject({ name: "Bea", emailVerified: true })
    expect((await browser.session()).user.name).toBe("Bea")
  })

  it("is believed again once it has been renewed", async () => {
    const { browser, userId } = await signedUp()
    await db.execute(sql`update "user" set name = 'Bea' where id = ${userId}`)
    clock += delay
    await browser.session()
    const queries = vi.spyOn((await auth.$context).adapter, "findOne")
    expect((await readByCode(cookieOf(browser)))?.user.name).toBe("Bea")
    expect(queries).not.toHaveBeenCalled()
  })

  it("cannot be kept alive by posting with it", async () => {
    const { browser, sessionId } = await signedUp()
    const cookies = [...browser.cookies]
    await db.delete(session).where(eq(session.id, sessionId))
    for (let post = 0; post < 5; post++) {
      for (const [name, value] of cookies) browser.cookies.set(name, value)
      expect((await browser.post("/update-user", { name: "Eve" })).status).toBe(401)
      clock += delay
    }
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    expect(await browser.session()).toBeNull()
  })
})
