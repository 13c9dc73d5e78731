import { randomUUID } from "node:crypto"
import { and, eq, gt, ne, sql } from "drizzle-orm"
import { describe, expect, it, vi } from "vitest"
import { auth } from "@/lib/auth"
import { locationHeaders } from "@/lib/client-address"
import { db } from "@/lib/db"
import { session } from "@/lib/db/schema"
import { env } from "@/lib/env"
import { iphoneSafari, newBrowser, password, signedUp } from "@/lib/testing/browser"
import { days, hours, minutes } from "@/lib/time"

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)

const rowOf = async (id: string) => {
  const [row] = await db.select().from(session).where(eq(session.id, id))
  return row
}

const rowsOf = (userId: string) => db.select().from(session).where(eq(session.userId, userId))

/** Adds `count` sessions that expire `expiresIn` seconds from now. */
async function addSessions(userId: string, count: number, expiresIn: number) {
  const rows = Array.from({ length: count }, () => ({
    id: randomUUID(),
    token: randomUUID(),
    userId,
    expiresAt: new Date(Date.now() + expiresIn * 1000),
  }))
  await db.insert(session).values(rows)
  return rows
}

/** Two devices of one user. */
async function twoDevices() {
  const first = await signedUp()
  const phone = newBrowser({ userAgent: iphoneSafari })
  await phone.signIn(first.email)
  const { session: own } = await phone.session()
  return { ...first, phone, phoneId: own.id as string }
}

describe("get-session", () => {
  it("answers exactly the fields of the contract", async () => {
    const { browser, email } = await signedUp()
    const data = await browser.session()
    expect(Object.keys(data.session).sort()).toEqual(
      ["createdAt", "expiresAt", "id", "ipAddress", "updatedAt", "userAgent", "userId"].sort(),
    )
    expect(Object.keys(data.user).sort()).toEqual(
      ["createdAt", "email", "emailVerified", "id", "image", "name", "updatedAt"].sort(),
    )
    expect(data.user).toMatchObject({ email, name: "Ana", emailVerified: false, image: null })
    expect(data.session.ipAddress).toBe(browser.address)
  })

  it("answers the same from the cookie and from the database", async () => {
    const { browser } = await signedUp()
    const cached = await browser.session()
    const read = await (await browser.call("/get-session?disableCookieCache=true")).json()
    expect(read).toEqual(cached)
  })

  it("answers code the same, with dates", async () => {
    const { browser, sessionId } = await signedUp()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const data = await auth.api.getSession({ headers: new Headers({ cookie }) })
    expect(data?.session.id).toBe(sessionId)
    expect(data?.session.expiresAt).toBeInstanceOf(Date)
    expect(data?.user.createdAt).toBeInstanceOf(Date)
    expect(data?.session).not.toHaveProperty("token")
  })

  it("is not extended by a read with disableRefresh", async () => {
    const { browser, sessionId } = await signedUp()
    const expiresAt = new Date(Date.now() + hours(20) * 1000)
    await db.update(session).set({ expiresAt }).where(eq(session.id, sessionId))
    await browser.call("/get-session?disableCookieCache=true&disableRefresh=true")
    expect((await rowOf(sessionId))?.expiresAt).toEqual(expiresAt)
    await browser.call("/get-session?disableCookieCache=true")
    expect((await rowOf(sessionId))?.expiresAt.getTime()).toBeGreaterThan(expiresAt.getTime())
  })

  it("notes activity at most once per cache life, and never on a cached read", async () => {
    const { browser, sessionId } = await signedUp()
    const longAgo = ago(hours(1))
    await db.update(session).set({ lastActiveAt: longAgo }).where(eq(session.id, sessionId))
    await browser.session()
    expect((await rowOf(sessionId))?.lastActiveAt).toEqual(longAgo)
    await browser.call("/get-session?disableCookieCache=true")
    const lastActiveAt = async () => (await rowOf(sessionId))?.lastActiveAt.getTime()
    await expect.poll(lastActiveAt).toBeGreaterThan(longAgo.getTime())
    const noted = await lastActiveAt()
    await browser.call("/get-session?disableCookieCache=true")
    expect(await lastActiveAt()).toBe(noted)
  })
})

describe("extending a session", () => {
  /** A session that is due to be extended, and a browser whose cached copy has lapsed. */
  async function due() {
    const signedIn = await signedUp()
    const expiresAt = new Date(Date.now() + hours(20) * 1000)
    await db.update(session).set({ expiresAt }).where(eq(session.id, signedIn.sessionId))
    const end = async () => (await rowOf(signedIn.sessionId))?.expiresAt.getTime() ?? 0
    return { ...signedIn, expiresAt: expiresAt.getTime(), end }
  }

  it("is the work of get-session, which sends both cookies", async () => {
    const { browser, end, expiresAt } = await due()
    const response = await browser.call("/get-session?disableCookieCache=true")
    expect(await end()).toBeGreaterThan(expiresAt)
    const cookies = response.headers.getSetCookie()
    expect(cookies.map((cookie) => cookie.split("=")[0]).sort()).toEqual([
      "better-auth.session_data",
      "better-auth.session_token",
    ])
    const { session: answered } = await response.json()
    expect(new Date(answered.expiresAt).getTime()).toBe(await end())
  })

  it("is not done by endpoints that would not send the cookie", async () => {
    const { browser, end, expiresAt, sessionId } = await due()
    await browser.call("/list-sessions")
    await browser.post("/revoke-other-sessions")
    await browser.post("/rename-session", { id: sessionId, name: "Desk" })
    await browser.call("/list-accounts")
    await browser.call("/account-info?accountId=x")
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    await auth.api.listSessions({ headers: new Headers({ cookie }) })
    await auth.api.getSession({ headers: new Headers({ cookie }) })
    expect(await end()).toBe(expiresAt)
  })

  it("is not done where someone did not want to be remembered, and the copy is renewed", async () => {
    const { email } = await signedUp()
    const browser = newBrowser()
    await browser.signIn(email, { rememberMe: false })
    const { session: before } = await browser.session()
    const response = await browser.call("/get-session?disableCookieCache=true")
    expect((await response.json()).session.expiresAt).toBe(before.expiresAt)
    const [cookie, ...others] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^better-auth\.session_data=/)
    expect(cookie).not.toContain("Max-Age")
    expect(others).toEqual([])
  })

  it("renews a cached copy before it lapses, and not sooner", async () => {
    const { browser } = await signedUp()
    const later = async (seconds: number) => {
      vi.useFakeTimers({ now: Date.now() + seconds * 1000, toFake: ["Date"] })
      try {
        return (await browser.call("/get-session")).headers.getSetCookie().length
      } finally {
        vi.useRealTimers()
      }
    }
    expect(await later(env.SESSION_CACHE_MAX_AGE * 0.7)).toBe(0)
    expect(await later(env.SESSION_CACHE_MAX_AGE * 0.8)).toBe(1)
  })
})

describe("list-sessions", () => {
  it("lists this device first, then by last activity, with exactly the fields of the contract", async () => {
    const { browser, userId, sessionId } = await twoDevices()
    await db
      .update(session)
      .set({ lastActiveAt: ago(hours(2)) })
      .where(eq(session.id, sessionId))
    const [old] = await addSessions(userId, 1, hours(1))
    await db
      .update(session)
      .set({ lastActiveAt: ago(days(1)) })
      .where(eq(session.id, old?.id ?? ""))
    const list = await browser.list()
    expect(list.map((item) => item.current)).toEqual([true, false, false])
    expect(list.map((item) => item.device.label)).toEqual([
      "Chrome on macOS",
      "Safari on iPhone",
      "Unknown device",
    ])
    expect(list[1]).toEqual({
      id: expect.any(String),
      current: false,
      name: null,
      device: { type: "mobile", browser: "Safari", os: "iOS", label: "Safari on iPhone" },
      ipAddress: expect.any(String),
      location: null,
      signInMethod: "password",
      createdAt: expect.any(String),
      lastActiveAt: expect.any(String),
      expiresAt: expect.any(String),
    })
    expect(list[2]).toMatchObject({ ipAddress: null, location: null, signInMethod: null })
  })

  it("works on a session 25 hours old", async () => {
    const { browser, sessionId } = await signedUp()
    await db
      .update(session)
      .set({ createdAt: ago(hours(25)) })
      .where(eq(session.id, sessionId))
    const response = await browser.call("/list-sessions")
    expect(response.status).toBe(200)
    expect(await response.json()).toHaveLength(1)
  })

  it("lists all of 150 and none that has expired", async () => {
    const { browser, userId } = await signedUp()
    await addSessions(userId, 150, hours(1))
    await addSessions(userId, 150, -1)
    expect(await browser.list()).toHaveLength(151)
  })

  it("shows where someone signed in, by the headers of the platform", async () => {
    const { browser } = await signedUp({
      headers: { [locationHeaders.city]: "Saint-%C3%89tienne", [locationHeaders.country]: "FR" },
    })
    const [item] = await browser.list()
    expect(item?.location).toEqual({ city: "Saint-Étienne", country: "FR" })
  })

  it("is 401 at once for a revoked device, its cached session notwithstanding", async () => {
    const { browser, phone, phoneId } = await twoDevices()
    await browser.post("/revoke-session", { id: phoneId })
    const response = await phone.call("/list-sessions")
    expect(response.status).toBe(401)
  })
})

describe("revoke-session", () => {
  it("ends another device by id", async () => {
    const { browser, phone, phoneId } = await twoDevices()
    const response = await browser.post("/revoke-session", { id: phoneId })
    expect(await response.json()).toEqual({ status: true })
    expect(await rowOf(phoneId)).toBeUndefined()
    expect((await phone.post("/update-user", { name: "Eve" })).status).toBe(401)
    expect(await browser.list()).toHaveLength(1)
  })

  it("takes the id where older examples have the token", async () => {
    const { browser, phoneId } = await twoDevices()
    const response = await browser.post("/revoke-session", { token: phoneId })
    expect(await response.json()).toEqual({ status: true })
    expect(await rowOf(phoneId)).toBeUndefined()
  })

  it("does not take a real token", async () => {
    const { browser, phone, phoneId } = await twoDevices()
    const response = await browser.post("/revoke-session", { token: phone.token() })
    expect(response.status).toBe(404)
    expect(await rowOf(phoneId)).toBeDefined()
  })

  it("ends this device too, and clears its cookies", async () => {
    const { browser, sessionId } = await signedUp()
    expect((await browser.post("/revoke-session", { id: sessionId })).status).toBe(200)
    expect(browser.cookies.size).toBe(0)
  })

  it("is 404 for another user's session, which lives on", async () => {
    const [mine, theirs] = await Promise.all([signedUp(), signedUp()])
    const response = await mine.browser.post("/revoke-session", { id: theirs.sessionId })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: "SESSION_NOT_FOUND" })
    expect(await theirs.browser.list()).toHaveLength(1)
  })

  it.each([[{}], [{ id: 1 }], [{ id: null }], [[]]])("is 400 for %j", async (body) => {
    const { browser } = await signedUp()
    const response = await browser.post("/revoke-session", body)
    expect(response.status).toBe(400)
    expect(await response.json()).toHaveProperty("code")
  })
})

describe("revoke-other-sessions", () => {
  it("leaves exactly one live session of 150 live and 150 expired", async () => {
    const { browser, userId, sessionId } = await signedUp()
    await addSessions(userId, 149, hours(1))
    await addSessions(userId, 150, -1)
    const response = await browser.post("/revoke-other-sessions")
    expect(await response.json()).toEqual({ status: true, revoked: 149 })
    const live = await db
      .select()
      .from(session)
      .where(and(eq(session.userId, userId), gt(session.expiresAt, new Date())))
    expect(live.map((row) => row.id)).toEqual([sessionId])
  })

  it("needs no body", async () => {
    const { browser } = await twoDevices()
    const response = await browser.call("/revoke-other-sessions", { method: "POST" })
    expect(await response.json()).toEqual({ status: true, revoked: 1 })
  })

  it("leaves other users alone", async () => {
    const [mine, theirs] = await Promise.all([signedUp(), signedUp()])
    await mine.browser.post("/revoke-other-sessions")
    expect(await theirs.browser.list()).toHaveLength(1)
  })
})

describe("revoke-sessions", () => {
  it("ends all of them and clears the cookies", async () => {
    const { browser, userId } = await twoDevices()
    const response = await browser.post("/revoke-sessions")
    expect(await response.json()).toEqual({ status: true, revoked: 2 })
    expect(await rowsOf(userId)).toHaveLength(0)
    expect(browser.cookies.size).toBe(0)
  })
})

describe("rename-session", () => {
  it("names a device, trimmed, and takes an empty name back", async () => {
    const { browser, phoneId } = await twoDevices()
    const rename = (name: string) => browser.post("/rename-session", { id: phoneId, name })
    expect(await (await rename("  Ana's phone ")).json()).toEqual({ status: true })
    expect((await rowOf(phoneId))?.name).toBe("Ana's phone")
    await rename("")
    expect((await rowOf(phoneId))?.name).toBeNull()
  })

  it("is 400 for a long name and 404 for what is not the caller's", async () => {
    const [mine, theirs] = await Promise.all([signedUp(), signedUp()])
    const long = { id: mine.sessionId, name: "x".repeat(65) }
    expect((await mine.browser.post("/rename-session", long)).status).toBe(400)
    const foreign = { id: theirs.sessionId, name: "mine" }
    expect((await mine.browser.post("/rename-session", foreign)).status).toBe(404)
    expect((await rowOf(theirs.sessionId))?.name).toBeNull()
  })
})

describe("what begins and replaces a session", () => {
  it("ends the old session when signing in over it", async () => {
    const { browser, email, sessionId, userId } = await signedUp()
    await browser.signIn(email)
    expect(await rowOf(sessionId)).toBeUndefined()
    expect(await rowsOf(userId)).toHaveLength(1)
  })

  it("keeps name, place and method when a changed password replaces the session", async () => {
    const place = { [locationHeaders.city]: "Lyon", [locationHeaders.country]: "FR" }
    const { browser, sessionId, userId, email } = await signedUp({ headers: place })
    const phone = newBrowser({ userAgent: iphoneSafari })
    await phone.signIn(email)
    await browser.post("/rename-session", { id: sessionId, name: "Desk" })
    const response = await browser.post("/change-password", {
      currentPassword: password,
      newPassword: "another horse battery",
      revokeOtherSessions: true,
    })
    expect(response.status).toBe(200)
    const [only, ...others] = await rowsOf(userId)
    expect(others).toHaveLength(0)
    expect(only?.id).not.toBe(sessionId)
    expect(only).toMatchObject({
      name: "Desk",
      city: "Lyon",
      country: "FR",
      signInMethod: "password",
      ipAddress: browser.address,
    })
    expect(await browser.list()).toHaveLength(1)
  })

  it("keeps a forgotten browser's session at one day when the password changes", async () => {
    const { email, userId } = await signedUp()
    const browser = newBrowser()
    await browser.signIn(email, { rememberMe: false })
    await browser.post("/change-password", {
      currentPassword: password,
      newPassword: "another horse battery",
      revokeOtherSessions: true,
    })
    const [row] = await rowsOf(userId)
    expect(row?.expiresAt.getTime()).toBeLessThan(Date.now() + (days(1) + minutes(1)) * 1000)
  })
})

describe("what a client says of itself", () => {
  it("is cut before it outgrows the cookie that carries it", async () => {
    const { browser } = await signedUp({ userAgent: `Mozilla/5.0 ${"x".repeat(6000)}` })
    expect((await browser.session()).session.userAgent).toHaveLength(256)
    const names = [...browser.cookies.keys()].sort()
    expect(names).toEqual(["better-auth.session_data", "better-auth.session_token"])
  })
})

describe("session tokens", () => {
  it("stand in no answer of any endpoint", async () => {
    const { browser, phone, phoneId, email } = await twoDevices()
    const tokens = [browser.token(), phone.token()]
    const answers = [
      await newBrowser().signIn(email),
      await browser.call("/get-session"),
      await browser.call("/get-session?disableCookieCache=true"),
      await browser.call("/list-sessions"),
      await browser.post("/update-user", { name: "Ana" }),
      await browser.post("/rename-session", { id: phoneId, name: "Phone" }),
      await browser.call("/list-accounts"),
      await browser.post("/update-session", {}),
      await browser.post("/change-password", {
        currentPassword: password,
        newPassword: "another horse battery",
        revokeOtherSessions: false,
      }),
      await browser.post("/revoke-other-sessions"),
      await browser.post("/sign-out"),
    ]
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    for (const body of bodies) {
      expect(body).not.toContain('"token"')
      for (const token of tokens) expect(body).not.toContain(token)
    }
    expect(tokens.every((token) => token.length === 32)).toBe(true)
  })
})

describe("a revoked device", () => {
  it("is refused by every endpoint that changes or lists something", async () => {
    const { browser, phone, phoneId, userId } = await twoDevices()
    await browser.post("/revoke-session", { id: phoneId })
    const cookies = [...phone.cookies]
    const attempts: [string, object | undefined][] = [
      ["/update-user", { name: "Eve" }],
      ["/list-sessions", undefined],
      ["/list-accounts", undefined],
      ["/account-info?accountId=x", undefined],
      ["/revoke-session", { id: phoneId }],
      ["/revoke-sessions", {}],
      ["/revoke-other-sessions", {}],
      ["/rename-session", { id: phoneId, name: "Eve" }],
      ["/change-password", { currentPassword: password, newPassword: "eve was here" }],
      ["/update-session", { name: "Eve" }],
    ]
    for (const [path, json] of attempts) {
      for (const [name, value] of cookies) phone.cookies.set(name, value)
      const response = await phone.call(path, json ? { json } : {})
      expect([path, response.status]).toEqual([path, 401])
    }
    expect(await rowsOf(userId)).toHaveLength(1)
    const others = await db
      .select({ count: sql<number>`count(*)::int` })
      .from(session)
      .where(and(eq(session.userId, userId), ne(session.id, phoneId)))
    expect(others[0]?.count).toBe(1)
  })
})
