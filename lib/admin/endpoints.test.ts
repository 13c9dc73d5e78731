import { and, eq, sql } from "drizzle-orm"
import { beforeAll, describe, expect, it } from "vitest"
import { auth } from "@/lib/auth"
import { db } from "@/lib/db"
import { session, user } from "@/lib/db/schema"
import { errorMessage } from "@/lib/errors"
import { giveRole, signedUpAdmin } from "@/lib/testing/admin"
import { type Browser, iphoneSafari, newBrowser, signedUp } from "@/lib/testing/browser"
import { days, hours } from "@/lib/time"

const userRow = async (id: string) => (await db.select().from(user).where(eq(user.id, id)))[0]
const sessionsOf = (userId: string) => db.select().from(session).where(eq(session.userId, userId))

/** Every endpoint that there is, with a body for someone and their session. */
const acts: [path: string, body: (userId: string, id: string) => object][] = [
  ["/admin/set-role", (userId) => ({ userId, role: "admin" })],
  ["/admin/ban-user", (userId) => ({ userId, banReason: "Spam" })],
  ["/admin/unban-user", (userId) => ({ userId })],
  ["/admin/impersonate-user", (userId) => ({ userId })],
  ["/admin/list-user-sessions", (userId) => ({ userId })],
  ["/admin/revoke-user-session", (userId, id) => ({ userId, id })],
  ["/admin/revoke-user-sessions", (userId) => ({ userId })],
]

const answerTo = async (browser: Browser, path: string, body: object) => {
  const response = await browser.post(path, body)
  const text = await response.text()
  return { status: response.status, text, json: text ? JSON.parse(text) : null }
}

let admin: Awaited<ReturnType<typeof signedUpAdmin>>
beforeAll(async () => {
  admin = await signedUpAdmin()
})

describe("who may administer", () => {
  it.each(acts)("%s is refused to users, and to whoever is signed out", async (path, body) => {
    const target = await signedUp()
    const json = body(target.userId, target.sessionId)
    const other = await signedUp()
    expect(await answerTo(other.browser, path, json)).toMatchObject({
      status: 403,
      json: { code: "NOT_ADMIN" },
    })
    // Also to the one it is about.
    expect((await answerTo(target.browser, path, json)).status).toBe(403)
    expect((await answerTo(newBrowser(), path, json)).status).toBe(401)
    expect(await userRow(target.userId)).toMatchObject({ role: "user", banned: false })
    expect(await sessionsOf(target.userId)).toHaveLength(1)
  })

  it.each(acts)(
    "%s is refused to a demoted administrator at the next request",
    async (path, body) => {
      const former = await signedUpAdmin()
      const target = await signedUp()
      await giveRole(former.userId, "user")
      // The cookies are warm, and still say otherwise.
      const answer = await answerTo(former.browser, path, body(target.userId, target.sessionId))
      expect(answer).toMatchObject({ status: 403, json: { code: "NOT_ADMIN" } })
      expect(await sessionsOf(target.userId)).toHaveLength(1)
    },
  )

  it("is refused to an administrator who was banned by hand, and signed out by that", async () => {
    const former = await signedUpAdmin()
    await db.update(user).set({ banned: true }).where(eq(user.id, former.userId))
    const { userId } = await signedUp()
    const answer = await answerTo(former.browser, "/admin/ban-user", { userId, banReason: "x" })
    expect(answer.status).toBe(401)
  })

  it.each([
    "create-user",
    "update-user",
    "remove-user",
    "set-user-password",
    "list-users",
    "get-user",
    "has-permission",
  ])("/admin/%s does not exist, also not for an administrator", async (name) => {
    const { userId: id } = await signedUp()
    const body = {
      userId: id,
      id,
      role: "admin",
      newPassword: "a new password",
      data: { name: "x" },
    }
    expect((await admin.browser.post(`/admin/${name}`, body)).status).toBe(404)
    expect((await admin.browser.call(`/admin/${name}?id=${id}`)).status).toBe(404)
  })

  it("has no other endpoints than these", () => {
    const paths = Object.values(auth.api).flatMap((endpoint) => {
      const { path } = endpoint as { path?: string }
      return path?.startsWith("/admin/") ? [path] : []
    })
    const known = [...acts.map(([path]) => path), "/admin/stop-impersonating"]
    expect(paths.sort()).toEqual(known.sort())
  })

  it("is not given by what a sign-up or a profile says", async () => {
    const { browser, userId } = await signedUp()
    await browser.post("/update-user", { name: "Eve", role: "admin" })
    expect(await userRow(userId)).toMatchObject({ role: "user" })
    const eve = newBrowser()
    const email = `eve-${userId.slice(0, 8).toLowerCase()}@example.com`
    const json = { name: "Eve", email, password: "correct horse battery", role: "admin" }
    await eve.post("/sign-up/email", json)
    const rows = await db
      .select()
      .from(user)
      .where(and(eq(user.email, email), eq(user.role, "admin")))
    expect(rows).toEqual([])
  })
})

describe("what a session says of its user", () => {
  it("is the role of an administrator, alike from the cookie and the database", async () => {
    const cached = await admin.browser.session()
    expect(cached.user.role).toBe("admin")
    const read = await (await admin.browser.call("/get-session?disableCookieCache=true")).json()
    expect(read).toEqual(cached)
    expect(cached.session).not.toHaveProperty("impersonatedBy")
  })

  it("is nothing about a ban, and for users nothing about roles", async () => {
    const { browser } = await signedUp()
    const { user: read } = await browser.session()
    expect(Object.keys(read)).not.toEqual(expect.arrayContaining(["role"]))
    const cookie = decodeURIComponent(browser.cookies.get("better-auth.session_data") ?? "")
    expect(Buffer.from(cookie, "base64url").toString()).not.toMatch(/ban/i)
  })
})

describe("roles", () => {
  it("are given and taken", async () => {
    const { userId, browser } = await signedUp()
    const given = await answerTo(admin.browser, "/admin/set-role", { userId, role: "admin" })
    expect(given.json.user).toMatchObject({ id: userId, role: "admin" })
    expect((await answerTo(browser, "/admin/list-user-sessions", { userId })).status).toBe(200)
    await answerTo(admin.browser, "/admin/set-role", { userId, role: "user" })
    expect((await answerTo(browser, "/admin/list-user-sessions", { userId })).status).toBe(403)
  })

  it.each([["owner"], ["admin,user"], [["admin"]], [""]])("are no others: %j", async (role) => {
    const { userId } = await signedUp()
    expect((await answerTo(admin.browser, "/admin/set-role", { userId, role })).status).toBe(400)
    expect(await userRow(userId)).toMatchObject({ role: "user" })
  })

  it("are not taken from oneself", async () => {
    const answer = await answerTo(admin.browser, "/admin/set-role", {
      userId: admin.userId,
      role: "user",
    })
    expect(answer).toMatchObject({ status: 400, json: { code: "OWN_ROLE" } })
    expect(errorMessage(answer.json)).toMatch(/another administrator/)
    expect(await userRow(admin.userId)).toMatchObject({ role: "admin" })
  })

  it("need someone to have them", async () => {
    const body = { userId: "nobody", role: "admin" }
    expect((await answerTo(admin.browser, "/admin/set-role", body)).status).toBe(404)
  })
})

describe("a ban", () => {
  it("ends every session at once, and the next sign-in is refused with a sentence", async () => {
    const { userId, browser, email } = await signedUp()
    const phone = newBrowser({ userAgent: iphoneSafari })
    await phone.signIn(email)
    const answer = await answerTo(admin.browser, "/admin/ban-user", { userId, banReason: " Spam " })
    expect(answer.json.user.ban).toEqual({ reason: "Spam", expiresAt: null })
    expect(await sessionsOf(userId)).toEqual([])
    expect((await browser.post("/update-user", { name: "Eve" })).status).toBe(401)
    expect((await phone.call("/list-sessions")).status).toBe(401)

    const refused = await newBrowser().signIn(email)
    expect(refused.status).toBe(403)
    const error = await refused.json()
    expect(error).toMatchObject({ code: "BANNED_USER" })
    expect(errorMessage({ status: 403, ...error })).toMatch(/^This account is banned\. /)
    expect(await sessionsOf(userId)).toEqual([])
  })

  it("can be lifted", async () => {
    const { userId, email } = await signedUp()
    await answerTo(admin.browser, "/admin/ban-user", { userId, banReason: "Spam" })
    const answer = await answerTo(admin.browser, "/admin/unban-user", { userId })
    expect(answer.json.user.ban).toBeNull()
    expect((await newBrowser().signIn(email)).status).toBe(200)
  })

  it("with an end says until when, and is lifted by the first sign-in after it", async () => {
    const { userId, email } = await signedUp()
    const body = { userId, banReason: "Spam", banExpiresIn: hours(1) }
    await answerTo(admin.browser, "/admin/ban-user", body)
    const refused = await (await newBrowser().signIn(email)).json()
    expect(refused.message).toMatch(/banned until \d+ \w+ \d{4}, .* UTC\./)
    // By the database's clock, which is one for all servers.
    const banExpires = new Date(Date.now() - 1_000)
    await db.update(user).set({ banExpires }).where(eq(user.id, userId))
    expect((await newBrowser().signIn(email)).status).toBe(200)
    const lifted = { banned: false, banReason: null, banExpires: null }
    expect(await userRow(userId)).toMatchObject(lifted)
  })

  it("of an administrator ends what they see as others too", async () => {
    const other = await signedUpAdmin()
    const target = await signedUp()
    await other.browser.post("/admin/impersonate-user", { userId: target.userId })
    expect((await other.browser.session()).user.id).toBe(target.userId)
    await answerTo(admin.browser, "/admin/ban-user", { userId: other.userId, banReason: "Left" })
    expect((await other.browser.call("/list-sessions")).status).toBe(401)
    expect(await sessionsOf(target.userId)).toHaveLength(1)
  })

  it("that comes in the middle of a sign-in lets that one not begin", async () => {
    const { userId, email } = await signedUp()
    // What another server does between this one's look at the user and its new session.
    const name = sql.identifier(`ban_${userId}`)
    await db.execute(sql`
      create function ${name}() returns trigger language plpgsql as $$
      begin update "user" set banned = true where id = new.user_id; return new; end $$`)
    await db.execute(sql`
      create trigger ${name} before insert on session for each row
      when (new.user_id = '${sql.raw(userId)}') execute function ${name}()`)
    try {
      const refused = await newBrowser().signIn(email)
      expect([refused.status, (await refused.json()).code]).toEqual([403, "BANNED_USER"])
      expect(refused.headers.getSetCookie().join()).not.toContain("session_token")
      expect(await sessionsOf(userId)).toHaveLength(1)
    } finally {
      await db.execute(sql`drop function ${name} cascade`)
    }
  })

  it.each([
    [{ banReason: "" }],
    [{}],
    [{ banReason: "x".repeat(201) }],
    [{ banReason: "a\nb" }],
    [{ banReason: "a\u202eb" }],
    [{ banReason: "Spam", banExpiresIn: 0 }],
    [{ banReason: "Spam", banExpiresIn: 1.5 }],
    [{ banReason: "Spam", banExpiresIn: days(10_000) }],
  ])("is refused with %j", async (body) => {
    const { userId } = await signedUp()
    const answer = await answerTo(admin.browser, "/admin/ban-user", { userId, ...body })
    expect(answer).toMatchObject({ status: 400, json: { code: "INVALID_BAN" } })
    expect(await userRow(userId)).toMatchObject({ banned: false })
  })

  it("of oneself is refused", async () => {
    const body = { userId: admin.userId, banReason: "Oops" }
    const answer = await answerTo(admin.browser, "/admin/ban-user", body)
    expect(answer).toMatchObject({ status: 400, json: { code: "OWN_BAN" } })
    expect(await userRow(admin.userId)).toMatchObject({ banned: false })
  })
})

describe("the sessions of a user", () => {
  it("are listed as the user sees them", async () => {
    const { userId, browser, sessionId } = await signedUp()
    const { json } = await answerTo(admin.browser, "/admin/list-user-sessions", { userId })
    const [own] = await browser.list()
    expect(json.sessions).toEqual([{ ...own, current: false, impersonated: false }])
    expect(json.sessions[0].id).toBe(sessionId)
  })

  it("end one by one, and only together with their user", async () => {
    const { userId, browser, email, sessionId } = await signedUp()
    const phone = newBrowser({ userAgent: iphoneSafari })
    await phone.signIn(email)
    const stranger = await signedUp()
    const wrong = { userId: stranger.userId, id: sessionId }
    expect(await answerTo(admin.browser, "/admin/revoke-user-session", wrong)).toMatchObject({
      status: 404,
      json: { code: "SESSION_NOT_FOUND" },
    })
    expect((await browser.call("/list-sessions")).status).toBe(200)
    const body = { userId, id: sessionId }
    expect((await answerTo(admin.browser, "/admin/revoke-user-session", body)).status).toBe(200)
    expect((await browser.call("/list-sessions")).status).toBe(401)
    expect((await phone.call("/list-sessions")).status).toBe(200)
    expect((await answerTo(admin.browser, "/admin/revoke-user-session", body)).status).toBe(404)
  })

  it("end by id, never by token", async () => {
    const { userId, browser } = await signedUp()
    const body = { userId, id: browser.token() }
    expect((await answerTo(admin.browser, "/admin/revoke-user-session", body)).status).toBe(404)
    expect((await browser.call("/list-sessions")).status).toBe(200)
  })

  it("end all at once", async () => {
    const { userId, email } = await signedUp()
    await newBrowser().signIn(email)
    const { json } = await answerTo(admin.browser, "/admin/revoke-user-sessions", { userId })
    expect(json).toEqual({ status: true, revoked: 2 })
    expect(await sessionsOf(userId)).toEqual([])
  })

  it("do not include the one that asks", async () => {
    const own = await signedUpAdmin()
    const one = { userId: own.userId, id: own.sessionId }
    expect(await answerTo(own.browser, "/admin/revoke-user-session", one)).toMatchObject({
      status: 400,
      json: { code: "OWN_SESSION" },
    })
    // The sign-up's session goes, the one that asks stays.
    const all = { userId: own.userId }
    const { json } = await answerTo(own.browser, "/admin/revoke-user-sessions", all)
    expect(json.revoked).toBe(1)
    expect((await own.browser.call("/list-sessions")).status).toBe(200)
  })
})

it("no answer to an administrator holds a token", async () => {
  const own = await signedUpAdmin()
  const target = await signedUp()
  const others = await signedUp()
  const texts: string[] = []
  for (const [path, body] of acts.filter(([path]) => !path.includes("impersonate"))) {
    texts.push((await answerTo(own.browser, path, body(others.userId, others.sessionId))).text)
  }
  const impersonate = { userId: target.userId }
  texts.push((await answerTo(own.browser, "/admin/impersonate-user", impersonate)).text)
  texts.push(JSON.stringify(await own.browser.session()), JSON.stringify(await own.browser.list()))
  texts.push((await answerTo(own.browser, "/admin/stop-impersonating", {})).text)
  const tokens = [own.browser.token(), target.browser.token(), others.browser.token()]
  expect(tokens.every((token) => token.length === 32)).toBe(true)
  for (const text of texts) {
    expect(text).not.toMatch(/token/i)
    for (const token of tokens) expect(text).not.toContain(token)
  }
})
