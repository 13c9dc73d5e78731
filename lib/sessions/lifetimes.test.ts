/** How long sessions live, through Better Auth's real handler, on a clock of the test's own. */
import { eq } from "drizzle-orm"
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { session } from "@/lib/db/schema"
import { days, hours, minutes } from "@/lib/time"

const idle = hours(1)
const absolute = days(2)
const limits = {
  SESSION_EXPIRES_IN: String(idle),
  SESSION_UPDATE_AGE: String(minutes(5)),
  SESSION_CACHE_MAX_AGE: String(minutes(1)),
  SESSION_ABSOLUTE_LIFETIME: String(absolute),
}

/** This app as it starts under `environment`; every one of them has the same database and secret. */
async function appUnder(environment: Record<string, string>) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  vi.resetModules()
  const { auth } = await import("@/lib/auth")
  return { auth, ...(await import("@/lib/testing/browser")) }
}

let app: Awaited<ReturnType<typeof appUnder>>
beforeAll(async () => {
  app = await appUnder(limits)
  const { openDatabase } = await import("@/lib/db/migrate")
  await openDatabase()
})

afterEach(() => {
  vi.useRealTimers()
})

const pass = (seconds: number) =>
  vi.useFakeTimers({ now: Date.now() + seconds * 1000, toFake: ["Date"] })

const rowOf = async (id: string) => {
  const [row] = await db.select().from(session).where(eq(session.id, id))
  return row
}

const onlyRowOf = async (userId: string) => {
  const [row, ...others] = await db.select().from(session).where(eq(session.userId, userId))
  expect(others).toEqual([])
  return row
}

const cookieHeader = (cookies: Map<string, string>) =>
  new Headers({ cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") })

/** `Max-Age` of the token cookie that an answer sets: a number, null without one, or not set at all. */
function tokenMaxAge(response: Response): number | null | undefined {
  const cookies = response.headers
    .getSetCookie()
    .filter((cookie) => cookie.startsWith("better-auth.session_token="))
  expect(cookies.length).toBeLessThan(2)
  if (cookies.length === 0) return
  const [, maxAge] = /Max-Age=(\d+)/.exec(cookies[0] ?? "") ?? []
  return maxAge === undefined ? null : Number(maxAge)
}

const secondsUntil = (date: Date | undefined) => ((date?.getTime() ?? 0) - Date.now()) / 1000

describe("a session in use", () => {
  it("goes on past the idle limit, ends at the absolute one, and so does its cookie", async () => {
    const { browser, sessionId } = await app.signedUp()
    const began = (await rowOf(sessionId))?.createdAt.getTime() ?? 0
    let steps = 0
    let lastMaxAge = 0
    for (; Date.now() < began + (absolute - minutes(40)) * 1000; steps++) {
      pass(minutes(40))
      const response = await browser.call("/get-session")
      expect((await response.json())?.session.id).toBe(sessionId)
      const row = await rowOf(sessionId)
      expect(row?.expiresAt.getTime()).toBeLessThanOrEqual(began + absolute * 1000)
      const maxAge = tokenMaxAge(response)
      if (!maxAge) continue
      expect(maxAge).toBe(Math.ceil(secondsUntil(row?.expiresAt)))
      lastMaxAge = maxAge
    }
    expect(steps).toBeGreaterThan(70)
    expect(lastMaxAge).toBeLessThan(idle)
    expect((await rowOf(sessionId))?.expiresAt.getTime()).toBe(began + absolute * 1000)
    pass(minutes(40))
    expect(await browser.session()).toBeNull()
    expect(browser.cookies.size).toBe(0)
    expect(await rowOf(sessionId)).toBeUndefined()
  })

  it("ends an idle time after its last use", async () => {
    const { browser, sessionId } = await app.signedUp()
    pass(minutes(50))
    expect((await browser.session()).session.id).toBe(sessionId)
    pass(minutes(50))
    expect((await browser.session()).session.id).toBe(sessionId)
    pass(idle + 1)
    expect(await browser.session()).toBeNull()
  })

  it("is noted as active whenever it is extended", async () => {
    const { browser, sessionId } = await app.signedUp()
    pass(minutes(10))
    await browser.session()
    const row = await rowOf(sessionId)
    expect(secondsUntil(row?.lastActiveAt)).toBe(0)
    expect(secondsUntil(row?.expiresAt)).toBe(idle)
  })
})

describe('with "Remember me" off', () => {
  async function forgotten() {
    const { email, userId, browser: first } = await app.signedUp()
    await first.post("/sign-out")
    const browser = app.newBrowser()
    const response = await browser.signIn(email, { rememberMe: false })
    expect(tokenMaxAge(response)).toBeNull()
    const row = await onlyRowOf(userId)
    return { browser, userId, sessionId: row?.id ?? "", began: row?.createdAt.getTime() ?? 0 }
  }

  it("a session ends at the idle limit where that is less than a day", async () => {
    const { browser, sessionId } = await forgotten()
    expect(secondsUntil((await rowOf(sessionId))?.expiresAt)).toBeLessThanOrEqual(idle)
    pass(idle + 1)
    expect(await browser.session()).toBeNull()
  })

  it("one in use goes on for a day after sign-in and no longer, and its cookie has no Max-Age", async () => {
    const { browser, sessionId, began } = await forgotten()
    let extensions = 0
    while (Date.now() < began + (days(1) - minutes(40)) * 1000) {
      pass(minutes(40))
      const response = await browser.call("/get-session")
      expect((await response.json())?.session.id).toBe(sessionId)
      const maxAge = tokenMaxAge(response)
      if (maxAge === undefined) continue
      extensions += 1
      expect(maxAge).toBeNull()
    }
    expect(extensions).toBeGreaterThan(20)
    expect((await rowOf(sessionId))?.expiresAt.getTime()).toBe(began + days(1) * 1000)
    pass(minutes(40))
    expect(await browser.session()).toBeNull()
  })

  it("is not the browser's word: without the cookie that says so it is the same", async () => {
    const { browser, began, sessionId } = await forgotten()
    for (const name of browser.cookies.keys()) {
      if (name.endsWith("dont_remember")) browser.cookies.delete(name)
    }
    while (Date.now() < began + (days(1) - minutes(40)) * 1000) {
      pass(minutes(40))
      expect((await browser.session())?.session.id).toBe(sessionId)
    }
    expect((await rowOf(sessionId))?.expiresAt.getTime()).toBe(began + days(1) * 1000)
    pass(minutes(40))
    expect(await browser.session()).toBeNull()
  })

  it("a changed password does not make it a remembered one", async () => {
    const { browser, userId, began } = await forgotten()
    pass(minutes(50))
    const response = await browser.post("/change-password", {
      currentPassword: app.password,
      newPassword: "another horse battery",
      revokeOtherSessions: true,
    })
    expect(tokenMaxAge(response)).toBeNull()
    const row = await onlyRowOf(userId)
    expect(row?.createdAt.getTime()).toBe(began)
    expect(secondsUntil(row?.expiresAt)).toBeLessThanOrEqual(idle)
  })
})

it("a changed password does not begin the absolute lifetime anew, and the cookie knows", async () => {
  const { browser, sessionId, userId } = await app.signedUp()
  const began = new Date(Date.now() - (absolute - minutes(10)) * 1000)
  await db.update(session).set({ createdAt: began }).where(eq(session.id, sessionId))
  const response = await browser.post("/change-password", {
    currentPassword: app.password,
    newPassword: "another horse battery",
    revokeOtherSessions: true,
  })
  expect(response.status).toBe(200)
  const row = await onlyRowOf(userId)
  expect(row?.id).not.toBe(sessionId)
  expect(row?.createdAt).toEqual(began)
  expect(row?.expiresAt.getTime()).toBe(began.getTime() + absolute * 1000)
  expect(tokenMaxAge(response)).toBeGreaterThan(minutes(9))
  expect(tokenMaxAge(response)).toBeLessThanOrEqual(minutes(10))
})

describe("limits that were lowered", () => {
  it("end a session that is over, whatever its row says", async () => {
    const { browser, sessionId } = await app.signedUp()
    const began = new Date(Date.now() - (absolute + 1) * 1000)
    await db.update(session).set({ createdAt: began }).where(eq(session.id, sessionId))
    // What it had cached says otherwise still.
    expect((await browser.session()).session.id).toBe(sessionId)
    expect((await browser.call("/list-sessions")).status).toBe(401)
    expect(await rowOf(sessionId)).toBeUndefined()
  })

  it("are not outlived by a copy in a cookie, on any way of reading it", async () => {
    const signedIn = await app.signedUp()
    const later = await appUnder({ ...limits, SESSION_ABSOLUTE_LIFETIME: "600" })
    pass(minutes(1) - 5)
    const headers = cookieHeader(signedIn.browser.cookies)
    expect((await later.auth.api.getSession({ headers }))?.session.id).toBe(signedIn.sessionId)

    const earlier = await appUnder({ ...limits, SESSION_ABSOLUTE_LIFETIME: "50" })
    expect((await app.auth.api.getSession({ headers }))?.session.id).toBe(signedIn.sessionId)
    expect(await earlier.auth.api.getSession({ headers })).toBeNull()
    const browser = earlier.newBrowser()
    for (const [name, value] of signedIn.browser.cookies) browser.cookies.set(name, value)
    expect(await browser.session()).toBeNull()
    expect(browser.cookies.size).toBe(0)
    expect(await rowOf(signedIn.sessionId)).toBeUndefined()
  })

  it("are not outlived by a copy whose own life was to be longer", async () => {
    const { browser, sessionId } = await app.signedUp()
    await db.delete(session).where(eq(session.id, sessionId))
    const shorter = await appUnder({
      ...limits,
      SESSION_EXPIRES_IN: "30",
      SESSION_UPDATE_AGE: "10",
      SESSION_CACHE_MAX_AGE: "20",
      // Nothing is heard of the deletion: the copy has to be refused for its age.
      SESSION_REVOCATION_DELAY: "19",
    })
    vi.spyOn((await import("./invalidation")).invalidationFeed, "isInvalidated").mockReturnValue(
      false,
    )
    const headers = cookieHeader(browser.cookies)
    const kept = shorter.newBrowser()
    for (const [name, value] of browser.cookies) kept.cookies.set(name, value)
    pass(15)
    expect((await shorter.auth.api.getSession({ headers }))?.session.id).toBe(sessionId)
    pass(10)
    expect(await shorter.auth.api.getSession({ headers })).toBeNull()
    expect(await kept.session()).toBeNull()
  })

  it("do not show what is over in the list of devices", async () => {
    const { browser, email, userId } = await app.signedUp()
    const phone = app.newBrowser()
    await phone.signIn(email)
    const { session: other } = await phone.session()
    const began = new Date(Date.now() - (absolute + 1) * 1000)
    await db.update(session).set({ createdAt: began }).where(eq(session.id, other.id))
    expect(await browser.list()).toHaveLength(1)
    expect((await browser.post("/rename-session", { id: other.id, name: "Old" })).status).toBe(404)
    expect(await db.select().from(session).where(eq(session.userId, userId))).toHaveLength(2)
  })
})
