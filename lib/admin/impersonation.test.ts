import { eq } from "drizzle-orm"
import { describe, expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { session } from "@/lib/db/schema"
import { env } from "@/lib/env"
import { activityOf } from "@/lib/testing/activity"
import { giveRole, signedUpAdmin } from "@/lib/testing/admin"
import { newBrowser, password, signedUp } from "@/lib/testing/browser"
import { hours, minutes } from "@/lib/time"

const rowOf = async (id: string) => (await db.select().from(session).where(eq(session.id, id)))[0]

/** An administrator who sees the app as a user, who has a browser of their own. */
async function impersonating(signIn: object = {}) {
  const admin = await signedUpAdmin()
  if (Object.keys(signIn).length > 0) await admin.browser.signIn(admin.email, signIn)
  const own = (await admin.browser.session()).session.id as string
  const ownToken = admin.browser.token()
  const user = await signedUp()
  const response = await admin.browser.post("/admin/impersonate-user", { userId: user.userId })
  expect(response.status).toBe(200)
  const seen = await admin.browser.session()
  return { admin, own, ownToken, user, browser: admin.browser, seen, response }
}

describe("impersonating", () => {
  it("reads as the user, marked with the administrator, alike from cookie and database", async () => {
    const { admin, user, browser, seen } = await impersonating()
    expect(seen.user).toMatchObject({ id: user.userId, email: user.email })
    expect(seen.session.impersonatedBy).toBe(admin.userId)
    const read = await (await browser.call("/get-session?disableCookieCache=true")).json()
    expect(read).toEqual(seen)
    expect(Object.keys(seen.user)).not.toContain("role")
  })

  it("leaves the administrator's own session alive, and gives it back", async () => {
    const { admin, own, user, browser, seen } = await impersonating()
    expect(await rowOf(own)).toBeDefined()
    const answer = await browser.post("/admin/stop-impersonating")
    expect(await answer.json()).toEqual({ status: true, signedIn: true })
    expect(await rowOf(seen.session.id)).toBeUndefined()
    const back = await browser.session()
    expect(back.session.id).toBe(own)
    expect(back.user).toMatchObject({ id: admin.userId, role: "admin" })
    expect([...browser.cookies.keys()].sort()).toEqual([
      "better-auth.session_data",
      "better-auth.session_token",
    ])
    // The user has noticed nothing.
    expect((await user.browser.call("/list-sessions")).status).toBe(200)
  })

  it("keeps that session in a cookie scripts cannot read, signed and of no use as a session", async () => {
    const { response, ownToken } = await impersonating()
    const cookies = response.headers.getSetCookie()
    const kept = cookies.find((cookie) => cookie.startsWith("better-auth.admin_session="))
    expect(kept).toMatch(/; HttpOnly/)
    expect(kept).toMatch(/; SameSite=Lax/)
    expect(kept).toMatch(/; Path=\//)
    expect(kept).not.toMatch(/Domain/)
    const value = kept?.split(";")[0]?.split("=")[1] ?? ""
    expect(decodeURIComponent(value)).toMatch(new RegExp(`^${ownToken}:\\.`))
    const thief = newBrowser()
    thief.cookies.set("better-auth.session_token", value)
    expect(await thief.session()).toBeNull()
    // Nor does a forged one lead anywhere.
    const forger = await impersonating()
    forger.browser.cookies.set("better-auth.admin_session", value.replace("%3A", "x%3A"))
    const answer = await forger.browser.post("/admin/stop-impersonating")
    expect(await answer.json()).toEqual({ status: true, signedIn: false })
    expect(await forger.browser.session()).toBeNull()
  })

  it("gives back a session without 'Remember me' as one", async () => {
    const { browser, own } = await impersonating({ rememberMe: false })
    const answer = await browser.post("/admin/stop-impersonating")
    const cookies = answer.headers.getSetCookie()
    const token = cookies.find((cookie) => cookie.startsWith("better-auth.session_token="))
    expect(token).not.toMatch(/Max-Age/i)
    expect((await browser.session()).session.id).toBe(own)
    expect(browser.cookies.has("better-auth.dont_remember")).toBe(true)
  })

  it("lasts an hour, which use does not extend", async () => {
    const { browser, seen } = await impersonating()
    const expiresAt = new Date(seen.session.expiresAt).getTime()
    expect(Math.abs(expiresAt - Date.now() - hours(1) * 1000)).toBeLessThan(minutes(1) * 1000)
    // Also not once the browser has dropped the cookie that says so.
    browser.cookies.delete("better-auth.dont_remember")
    await db
      .update(session)
      .set({ expiresAt: new Date(expiresAt - 1000) })
      .where(eq(session.id, seen.session.id))
    await browser.call("/get-session?disableCookieCache=true")
    expect((await rowOf(seen.session.id))?.expiresAt.getTime()).toBe(expiresAt - 1000)
    vi.useFakeTimers({ now: expiresAt + 1000, toFake: ["Date"] })
    try {
      expect(await browser.session()).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it("is not among the user's devices, and ends with them", async () => {
    const { browser, user, seen } = await impersonating()
    expect((await user.browser.list()).map(({ id }) => id)).toEqual([user.sessionId])
    expect((await browser.list()).map(({ id, current }) => [id, current])).toEqual([
      [seen.session.id, true],
      [user.sessionId, false],
    ])
    await user.browser.post("/revoke-other-sessions")
    expect((await browser.call("/list-sessions")).status).toBe(401)
  })

  it.each([
    ["/update-user", { name: "Eve" }],
    ["/change-password", { currentPassword: password, newPassword: "eve was here" }],
    ["/revoke-other-sessions", {}],
    ["/revoke-sessions", {}],
    ["/revoke-session", { id: "any" }],
    ["/rename-session", { id: "any", name: "Eve" }],
    ["/send-verification-email", { email: "ana@example.com" }],
    ["/admin/list-user-sessions", { userId: "any" }],
    ["/admin/impersonate-user", { userId: "any" }],
    ["/admin/set-role", { userId: "any", role: "admin" }],
    ["/unlink-account", { providerId: "credential" }],
  ])("may not %s", async (path, body) => {
    const { browser, user } = await impersonating()
    const refused = await browser.post(path, body)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: "IMPERSONATING" })
    // It is the session that counts, not the cookies beside it.
    browser.cookies.delete("better-auth.admin_session")
    browser.cookies.delete("better-auth.session_data")
    expect((await browser.post(path, body)).status).toBe(403)
    expect((await user.browser.session()).user.name).toBe("Ana")
    expect((await user.browser.call("/list-sessions")).status).toBe(200)
  })

  it("ends with the promotion of who is looked at", async () => {
    const { browser, user, seen } = await impersonating()
    await giveRole(user.userId, "admin")
    const refused = await browser.post("/admin/list-user-sessions", { userId: user.userId })
    expect(refused.status).toBe(401)
    expect(await rowOf(seen.session.id)).toBeUndefined()
    expect((await user.browser.call("/list-sessions")).status).toBe(200)
  })

  it("is refused for administrators, oneself, who is banned and who is not there", async () => {
    const admin = await signedUpAdmin()
    const other = await signedUpAdmin()
    const banned = await signedUp()
    await admin.browser.post("/admin/ban-user", { userId: banned.userId, banReason: "Spam" })
    const answers = []
    for (const userId of [other.userId, admin.userId, banned.userId, "nobody"]) {
      const answer = await admin.browser.post("/admin/impersonate-user", { userId })
      answers.push([answer.status, (await answer.json()).code])
    }
    expect(answers).toEqual([
      [403, "CANNOT_IMPERSONATE_ADMIN"],
      [403, "CANNOT_IMPERSONATE_ADMIN"],
      [403, "CANNOT_IMPERSONATE_BANNED"],
      [404, "USER_NOT_FOUND"],
    ])
    expect((await admin.browser.session()).user.id).toBe(admin.userId)
  })

  it("ends with the administrator's role", async () => {
    const { admin, browser, seen } = await impersonating()
    await giveRole(admin.userId, "user")
    expect((await browser.call("/list-sessions")).status).toBe(401)
    expect(await rowOf(seen.session.id)).toBeUndefined()
  })

  it("ends in nobody's session when the administrator's own is gone", async () => {
    const { own, browser } = await impersonating()
    await db.delete(session).where(eq(session.id, own))
    const answer = await browser.post("/admin/stop-impersonating")
    expect(await answer.json()).toEqual({ status: true, signedIn: false })
    expect([...browser.cookies]).toEqual([])
  })

  it("is not stopped by who does not do it", async () => {
    const { browser, sessionId } = await signedUp()
    const answer = await browser.post("/admin/stop-impersonating")
    expect([answer.status, (await answer.json()).code]).toEqual([400, "NOT_IMPERSONATING"])
    expect((await browser.session()).session.id).toBe(sessionId)
    expect((await newBrowser().post("/admin/stop-impersonating")).status).toBe(401)
  })
})

describe("the session an administrator keeps meanwhile", () => {
  it("ends when they sign out", async () => {
    const { browser, own, seen } = await impersonating()
    await browser.post("/sign-out")
    expect(await rowOf(own)).toBeUndefined()
    expect(await rowOf(seen.session.id)).toBeUndefined()
    expect([...browser.cookies]).toEqual([])
  })

  it("ends when they sign in anew after the hour", async () => {
    const { browser, own, seen, admin } = await impersonating()
    await db.delete(session).where(eq(session.id, seen.session.id))
    expect((await browser.signIn(admin.email)).status).toBe(200)
    expect(await rowOf(own)).toBeUndefined()
    expect(browser.cookies.has("better-auth.admin_session")).toBe(false)
    expect((await browser.session()).user.id).toBe(admin.userId)
  })
})

it("the cookie for it is as hard to plant as the session's own", async () => {
  expect(env.BETTER_AUTH_URL).toMatch(/^http:/)
  // Its name has the same prefix, "__Host-" on https, and its attributes are the session's.
  const { response } = await impersonating()
  const attributesOf = (name: string) =>
    response.headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith(name))
      ?.split("; ")
      .slice(1)
      .filter((attribute) => !attribute.startsWith("Max-Age"))
  expect(attributesOf("better-auth.admin_session=")).toEqual(
    attributesOf("better-auth.session_token="),
  )
})

describe("an administrator's look at somebody's account", () => {
  async function looking() {
    const admin = await signedUpAdmin()
    const target = await signedUp()
    const own = new Map(admin.browser.cookies)
    await admin.browser.post("/admin/impersonate-user", { userId: target.userId })
    const { session: seen } = await admin.browser.session()
    return { admin, target, own, seen }
  }
  const isOver = async (id: string) =>
    (await db.select().from(session).where(eq(session.id, id))).length === 0

  it("ends with the session it was opened from, however that ended", async () => {
    const ways = [
      async ({ admin }: Awaited<ReturnType<typeof looking>>) => {
        const elsewhere = newBrowser()
        await elsewhere.signIn(admin.email)
        await elsewhere.post("/revoke-other-sessions")
      },
      ({ admin }: Awaited<ReturnType<typeof looking>>) =>
        db.delete(session).where(eq(session.id, admin.sessionId)),
    ]
    for (const end of ways) {
      const look = await looking()
      await end(look)
      expect(await isOver(look.seen.id)).toBe(true)
      const last = (await activityOf(look.target.userId)).at(-1)
      expect(last).toMatchObject({ kind: "impersonation-ended", sessionId: look.seen.id })
      // By the administrator, or by nobody: the user's page shows the address of neither.
      expect(["admin", "system"]).toContain(last?.actor)
    }
  })

  it("that has run out leads back to the administrator's own session all the same", async () => {
    const { admin, seen } = await looking()
    const past = new Date(Date.now() - 1_000)
    await db.update(session).set({ expiresAt: past }).where(eq(session.id, seen.id))
    const back = await admin.browser.post("/admin/stop-impersonating")
    expect(await back.json()).toEqual({ status: true, signedIn: true })
    expect((await admin.browser.session()).user.id).toBe(admin.userId)
  })

  it("that has run out does not stand in the way of signing in", async () => {
    const { admin, seen } = await looking()
    const past = new Date(Date.now() - 1_000)
    await db.update(session).set({ expiresAt: past }).where(eq(session.id, seen.id))
    expect((await admin.browser.signIn(admin.email)).status).toBe(200)
  })

  it("never lasts longer than the session it was opened from", async () => {
    const admin = await signedUpAdmin()
    const target = await signedUp()
    const soon = new Date(Date.now() + 60_000)
    await db.update(session).set({ expiresAt: soon }).where(eq(session.id, admin.sessionId))
    await admin.browser.post("/admin/impersonate-user", { userId: target.userId })
    const [look] = await db.select().from(session).where(eq(session.impersonatedBy, admin.userId))
    expect(look?.expiresAt.getTime()).toBeLessThanOrEqual(soon.getTime())
  })
})
