/** What many readers at once cost a session's row, on two servers. First of all it needs a database of its own. */
import "@/lib/testing/own-database"
import { eq, sql } from "drizzle-orm"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { auth } from "@/lib/auth"
import { db } from "@/lib/db"
import { DatabaseError } from "@/lib/db/errors"
import { rowsOf } from "@/lib/db/rows"
import { session } from "@/lib/db/schema"
import * as oneServer from "@/lib/testing/browser"
import { copyName, tokenName } from "@/lib/testing/cookie-headers"
import { hours } from "@/lib/time"

const { signedUp } = oneServer
type Browser = oneServer.Browser
type Server = typeof oneServer
let servers: Server[]

beforeAll(async () => {
  vi.resetModules()
  servers = [oneServer, await import("@/lib/testing/browser")]
  // Counts statements, also those that find no row to change.
  await db.execute(sql`create table counted (updates int not null)`)
  await db.execute(sql`insert into counted values (0)`)
  await db.execute(sql`
    create function count_update() returns trigger language plpgsql
    as $$ begin update counted set updates = updates + 1; return null; end $$`)
  await db.execute(sql`
    create trigger counting after update on session for each statement execute function count_update()`)
})

beforeEach(() => db.execute(sql`update counted set updates = 0`).then(() => {}))

const updates = async () => {
  const counted = sql`select updates from counted`
  const [row] = await rowsOf<{ updates: number }>(db.execute(counted))
  return row?.updates
}

/** A session with its row changed, read by 50 at once that have no copy to go by. */
async function readBy50(change: Partial<typeof session.$inferInsert>) {
  const { browser, sessionId } = await signedUp()
  await db.update(session).set(change).where(eq(session.id, sessionId))
  await db.execute(sql`update counted set updates = 0`)
  // That its end was moved closer is no news that a session gets by growing old.
  await db.execute(sql`delete from session_invalidation`)
  const token = browser.cookies.get(tokenName) ?? ""
  const readers = Array.from({ length: 50 }, (_, index) => {
    const reader = (servers[index % 2] as Server).newBrowser()
    reader.cookies.set(tokenName, token)
    return reader
  })
  const answers = await Promise.all(readers.map((reader) => reader.call("/get-session")))
  const [row] = await db.select().from(session).where(eq(session.id, sessionId))
  return { answers, readers, row, token }
}

const due = () => ({ expiresAt: new Date(Date.now() + hours(20) * 1000) })
const longUnseen = () => ({ lastActiveAt: new Date(Date.now() - hours(1) * 1000) })

describe("fifty parallel reads of a session", () => {
  it.each([1, 2, 3, 4, 5])(
    "that is due cost two UPDATEs, one for each server, round %s",
    async () => {
      const change = { ...due(), ...longUnseen() }
      const { answers, readers, row, token } = await readBy50(change)
      expect(await updates()).toBeLessThanOrEqual(2)
      expect(row?.expiresAt.getTime()).toBeGreaterThan(change.expiresAt.getTime())
      expect(row?.lastActiveAt.getTime()).toBeGreaterThan(change.lastActiveAt.getTime())
      for (const [index, answer] of answers.entries()) {
        expect(answer.status).toBe(200)
        expect((await answer.json()).session.expiresAt).toBe(row?.expiresAt.toISOString())
        const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split("=")[0])
        // Who read the row once it was extended needs no other token cookie than the others got.
        expect(cookies.filter((name) => name !== tokenName)).toEqual([copyName])
        expect(readers[index]?.cookies.get(tokenName)).toBe(token)
        // What was set is good for the next read, which asks nobody.
        const next = await (readers[index] as Browser).call("/get-session")
        expect((await next.json()).session.expiresAt).toBe(row?.expiresAt.toISOString())
        expect(next.headers.getSetCookie()).toEqual([])
      }
    },
  )

  it("that was not seen for a while cost as many", async () => {
    const { answers, row } = await readBy50(longUnseen())
    for (const answer of answers) expect(answer.status).toBe(200)
    await expect.poll(updates).toBeGreaterThan(0)
    expect(await updates()).toBeLessThanOrEqual(2)
    expect(row?.id).toBeDefined()
  })

  it("that is neither cost none", async () => {
    const { answers } = await readBy50({ name: "Desk" })
    for (const answer of answers) expect(answer.status).toBe(200)
    expect(await updates()).toBe(0)
  })
})

describe("a session that is due", () => {
  it("is answered with 503 to all who share the write that fails", async () => {
    const { adapter } = await auth.$context
    const failure = new DatabaseError("The database stopped a query (57014).", "57014", true)
    vi.spyOn(adapter, "update").mockRejectedValue(failure)
    const { browser, sessionId } = await signedUp()
    await db.update(session).set(due()).where(eq(session.id, sessionId))
    const read = () => browser.call("/get-session?disableCookieCache=true")
    const answers = await Promise.all(Array.from({ length: 5 }, read))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(503))
    expect(browser.cookies.has(tokenName)).toBe(true)
  })

  it("and is ended meanwhile is over, and its cookies go", async () => {
    const { browser, sessionId } = await signedUp()
    await db.update(session).set(due()).where(eq(session.id, sessionId))
    // As late as can be: its row has been read, and is about to be extended.
    const { adapter } = await auth.$context
    vi.spyOn(adapter, "update").mockImplementationOnce(async () => {
      await db.delete(session).where(eq(session.id, sessionId))
      return null
    })
    const response = await browser.call("/get-session?disableCookieCache=true")
    expect(await response.json()).toBeNull()
    expect(browser.cookies.size).toBe(0)
  })

  it("by a date that the database made is extended all the same", async () => {
    const { browser, sessionId } = await signedUp()
    await db
      .update(session)
      .set({ expiresAt: sql`date_trunc('second', now()) + interval '20 hours 0.000999 seconds'` })
      .where(eq(session.id, sessionId))
    const { session: read } = await (
      await browser.call("/get-session?disableCookieCache=true")
    ).json()
    expect(new Date(read.expiresAt).getTime()).toBeGreaterThan(Date.now() + hours(24) * 1000)
  })
})
