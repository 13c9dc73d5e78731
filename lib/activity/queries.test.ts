import { sql } from "drizzle-orm"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { DatabaseError } from "@/lib/db/errors"
import { rowsOf } from "@/lib/db/rows"
import { iphoneSafari, signedUp } from "@/lib/testing/browser"
import { days } from "@/lib/time"
import { type ActivityFilter, activityFilters } from "./filters"
import { type ActivityPage, listActivity, listEndedSessions, listRecentActivity } from "./queries"
import { type ActivityKind, activityKinds, endingKinds } from "./view"

// Next's edge: what a request carries. Everything behind it is real.
const request = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({ set: () => {} }),
}))

/** A user whose requests these are from now on. */
async function reader() {
  const { browser, userId, sessionId } = await signedUp()
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  request.headers = new Headers({ cookie })
  return { userId, sessionId }
}

const detail = {
  session: {
    name: "Ana's phone",
    userAgent: iphoneSafari,
    ipAddress: "198.51.100.4",
    city: "Lyon",
    country: "FR",
    signInMethod: "password",
    createdAt: "2026-11-01T10:00:00.000Z",
    lastActiveAt: "2026-11-02T10:00:00.000Z",
  },
}

/** Writes events by SQL, oldest first; answers their ids. */
async function write(userId: string, kinds: readonly string[], secondsAgo = 0): Promise<number[]> {
  const rows = await rowsOf<{ id: string | number }>(
    db.execute(sql`
      insert into activity (user_id, kind, actor, session_id, detail, at)
      select ${userId}, kind, 'user', 'session-' || n, ${JSON.stringify(detail)}::jsonb,
        now() - make_interval(secs => ${secondsAgo}::int)
      from jsonb_array_elements_text(${JSON.stringify(kinds)}::jsonb) with ordinality as k (kind, n)
      order by n
      returning id`),
  )
  return rows.map(({ id }) => Number(id))
}

const many = (count: number, kind: ActivityKind = "sign-in") =>
  Array.from({ length: count }, () => kind)

const idsOf = (page: ActivityPage | null) => page?.items.map(({ id }) => id) ?? []

/** All pages from `page` to the oldest, one id after the other; `between` runs before each of them. */
async function readOn(filter: ActivityFilter, between: () => Promise<unknown> = async () => {}) {
  const pages: number[][] = []
  let page = await listActivity({ filter })
  while (page) {
    pages.push(idsOf(page))
    if (page.older === null) return pages
    await between()
    page = await listActivity({ filter, before: page.older })
  }
  throw new Error("The database cannot answer.")
}

const newestFirst = (ids: number[]) => [...ids].sort((a, b) => b - a)

beforeEach(() => {
  request.headers = new Headers()
})

describe("listActivity", () => {
  it("answers 25 a page, newest first, and every event once", async () => {
    const { userId } = await reader()
    // What the sign-up itself has left is below all of these.
    const ids = await write(userId, many(60))
    const pages = await readOn("sign-ins")
    expect(pages[0]).toHaveLength(25)
    expect(pages[1]).toHaveLength(25)
    const read = pages.flat()
    expect(read.slice(0, 60)).toEqual(newestFirst(ids))
    expect(new Set(read).size).toBe(read.length)
  })

  it("leaves out and repeats nothing while new events arrive", async () => {
    const { userId } = await reader()
    const ids = await write(userId, many(60))
    const pages = await readOn("sign-ins", () => write(userId, many(7)))
    expect(pages.flat().slice(0, 60)).toEqual(newestFirst(ids))
    expect(new Set(pages.flat()).size).toBe(pages.flat().length)
  })

  it("leads back to the newest through the same events, those that have arrived included", async () => {
    const { userId } = await reader()
    await write(userId, many(60, "password-changed"))
    const first = await listActivity({ filter: "account" })
    expect(first?.newer).toBeNull()
    const second = await listActivity({ filter: "account", before: first?.older ?? 0 })
    const third = await listActivity({ filter: "account", before: second?.older ?? 0 })
    expect([third?.items.length, third?.older]).toEqual([10, null])
    const arrived = await write(userId, many(3, "password-changed"))
    const back = await listActivity({ filter: "account", after: third?.newer ?? 0 })
    expect(idsOf(back)).toEqual(idsOf(second))
    expect(back?.older).toBe(second?.older)
    const again = await listActivity({ filter: "account", after: back?.newer ?? 0 })
    expect(idsOf(again)).toEqual(idsOf(first))
    const top = await listActivity({ filter: "account", after: again?.newer ?? 0 })
    expect(idsOf(top)).toEqual(newestFirst(arrived))
    expect([top?.newer, top?.older]).toEqual([null, arrived[0]])
  })

  it("knows the way on from a page on which nothing is left", async () => {
    const { userId } = await reader()
    const [id = 0] = await write(userId, ["password-changed"])
    const beyond = await listActivity({ filter: "account", before: id })
    expect(beyond).toEqual({ items: [], newer: id - 1, older: null })
    expect(idsOf(await listActivity({ filter: "account", after: beyond?.newer ?? 0 }))).toEqual([
      id,
    ])
    const above = await listActivity({ filter: "account", after: id })
    expect(above).toEqual({ items: [], newer: null, older: id + 1 })
    expect(idsOf(await listActivity({ filter: "account", before: id + 1 }))).toEqual([id])
  })

  it("answers the kinds of each filter, and no others", async () => {
    const { userId } = await reader()
    await write(userId, activityKinds)
    for (const filter of ["all", "sign-ins", "sign-outs", "account"] as const) {
      const page = await listActivity({ filter })
      const kinds = new Set(page?.items.map(({ kind }) => kind))
      expect(kinds, filter).toEqual(new Set<ActivityKind>(activityFilters[filter]))
    }
  })

  it("never answers with another user's events, whatever is asked for", async () => {
    const { userId: theirs } = await signedUp()
    const { userId } = await reader()
    const mine = await write(userId, many(2))
    const others = await write(theirs, many(30))
    const [oldest = 0, newest = 0] = [others[0], others.at(-1)]
    const asked = [
      await listActivity({ filter: "all" }),
      await listActivity({ filter: "all", before: newest + 1 }),
      await listActivity({ filter: "all", after: oldest - 1 }),
      await listActivity({ filter: "sign-ins", after: 0 }),
    ].flatMap(idsOf)
    const recent = await listRecentActivity()
    const ended = await listEndedSessions()
    const seen = [...asked, ...[...(recent ?? []), ...(ended ?? [])].map(({ id }) => id)]
    expect(seen).toEqual(expect.arrayContaining(mine))
    expect(seen.filter((id) => others.includes(id))).toEqual([])
  })

  it("passes over kinds it has no words for", async () => {
    const { userId } = await reader()
    const ids = await write(userId, ["password-changed", "of-a-newer-version"])
    expect(idsOf(await listActivity({ filter: "all" }))).toContain(ids[0])
    expect(idsOf(await listActivity({ filter: "all" }))).not.toContain(ids[1])
  })

  it("answers what the row says, picked for its reader", async () => {
    const { userId, sessionId } = await reader()
    await db.execute(sql`
      insert into activity (user_id, kind, actor, actor_id, session_id, ip_address, user_agent, detail)
      values (${userId}, 'session-revoked', 'admin', 'the-admin', ${sessionId}, '192.0.2.1', 'curl/8.5.0',
        ${JSON.stringify({ ...detail, reason: "admin" })}::jsonb)`)
    const [item] = (await listRecentActivity()) ?? []
    expect(item).toMatchObject({
      kind: "session-revoked",
      actor: "admin",
      reason: "admin",
      from: null,
      session: { id: sessionId, current: true, name: "Ana's phone", ipAddress: "198.51.100.4" },
    })
    expect(item?.at).toBeInstanceOf(Date)
    expect(JSON.stringify(item)).not.toMatch(/the-admin|192\.0\.2\.1/)
  })

  it("sends a signed-out reader to sign in", async () => {
    for (const read of [
      () => listActivity({ filter: "all" }),
      listRecentActivity,
      listEndedSessions,
    ]) {
      await expect(read()).rejects.toMatchObject({ digest: expect.stringContaining("/sign-in") })
    }
  })

  it("answers null while the database cannot, never an empty list", async () => {
    await reader()
    const down = new DatabaseError("The database cannot answer.", "ECONNREFUSED", true)
    vi.spyOn(console, "error").mockImplementation(() => {})
    vi.spyOn(console, "warn").mockImplementation(() => {})
    vi.spyOn(db, "select").mockImplementation(() => {
      throw down
    })
    expect(await listActivity({ filter: "all" })).toBeNull()
    expect(await listRecentActivity()).toBeNull()
    expect(await listEndedSessions()).toBeNull()
  })
})

describe("listRecentActivity", () => {
  it("answers the newest five", async () => {
    const { userId } = await reader()
    const ids = await write(userId, many(8))
    const items = await listRecentActivity()
    expect(items?.map(({ id }) => id)).toEqual(newestFirst(ids).slice(0, 5))
  })
})

describe("listEndedSessions", () => {
  it("answers how sessions ended within the last 30 days, newest first, and nothing else", async () => {
    const { userId } = await reader()
    await write(userId, endingKinds, days(31))
    const ids = await write(userId, endingKinds, days(29))
    await write(userId, ["sign-in", "password-changed"])
    const items = await listEndedSessions()
    expect(items?.map(({ id }) => id)).toEqual(newestFirst(ids))
    expect(items?.[0]?.session).toBeNull()
    expect(items?.at(-1)?.session?.device.label).toBe("Safari on iPhone")
  })

  it.each(["in time", "late"])(
    "shows nothing of an administrator's device when looking as the user ends %s",
    async (when) => {
      const { userId } = await reader()
      await db.execute(sql`
        insert into session (id, token, user_id, expires_at, impersonated_by, ip_address, user_agent)
        values (${`as-${userId}`}, ${`token-${userId}`}, ${userId},
          now() + ${when === "late" ? "-1 minute" : "1 minute"}::interval, 'the-admin', '192.0.2.1', 'curl/8.5.0')`)
      await db.execute(sql`delete from session where id = ${`as-${userId}`}`)
      const items = [
        ...((await listEndedSessions()) ?? []),
        ...((await listRecentActivity()) ?? []),
      ]
      expect(items[0]).toMatchObject({ kind: "impersonation-ended", from: null, session: null })
      expect(items.map(({ kind }) => kind)).toContain("impersonation-started")
      expect(JSON.stringify(items)).not.toMatch(/192\.0\.2\.1|curl|the-admin/)
    },
  )

  it("answers 200 at most, and one more to tell that there are", async () => {
    const { userId } = await reader()
    const ids = await write(userId, many(210, "session-expired"))
    const items = await listEndedSessions()
    expect(items?.map(({ id }) => id)).toEqual(newestFirst(ids).slice(0, 201))
  })
})
