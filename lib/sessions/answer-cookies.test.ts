/**
 * The cookies of every answer with the longest values that the forms accept, over https, where names and
 * attributes are longest: few enough bytes for any proxy, one copy, never in pieces, and never wrong.
 */
import { eq } from "drizzle-orm"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { session, user } from "@/lib/db/schema"
import { bytesOf, mostBytes } from "./answer-cookies"

const copyName = "__Host-better-auth.session_data"

type Testing = typeof import("@/lib/testing/browser") & typeof import("@/lib/testing/admin")
let testing: Testing

beforeAll(async () => {
  vi.stubEnv("BETTER_AUTH_URL", "https://app.example.org")
  vi.resetModules()
  testing = { ...(await import("@/lib/testing/browser")), ...(await import("@/lib/testing/admin")) }
  const { openDatabase } = await import("@/lib/db/migrate")
  await openDatabase()
})

type Browser = ReturnType<Testing["newBrowser"]>

const copiesIn = (response: Response) =>
  response.headers.getSetCookie().filter((cookie) => cookie.startsWith(copyName))

/** Checks an answer, and hands it on. */
function small(response: Response): Response {
  const cookies = response.headers.getSetCookie()
  expect(bytesOf(cookies)).toBeLessThanOrEqual(mostBytes)
  const names = cookies.map((cookie) => cookie.split("=")[0])
  expect(new Set(names).size).toBe(names.length)
  // A piece may only be taken away.
  for (const cookie of cookies) expect(cookie).not.toMatch(/session_data\.\d+=[^;]/)
  return response
}

/** That what is read from the cookies is what the database says. */
async function expectTruth(browser: Browser) {
  const cached = await browser.session()
  const read = await (await browser.call("/get-session?disableCookieCache=true")).json()
  expect(cached).toEqual(read)
  return read
}

const longEmail = (local: string) =>
  `${`${local}${"a".repeat(64)}`.slice(0, 64)}@${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(58)}.eu`

const names = {
  emoji: "\u{1f600}".repeat(100),
  quotes: '"'.repeat(100),
  backslashes: "\\".repeat(100),
  wide: "\u6f22".repeat(100),
}
const images = {
  plain: "https://example.com/".padEnd(500, "a"),
  escaped: `https://example.com/?${"\\".repeat(479)}`,
}
const agents = {
  usual: "Mozilla/5.0 ".padEnd(1000, "x"),
  quotes: '"'.repeat(1000),
  latin: "\u00e9".repeat(1000),
}

describe("the longest values", () => {
  const longest: [keyof typeof names, keyof typeof images, keyof typeof agents][] = [
    ["emoji", "plain", "usual"],
    ["quotes", "plain", "usual"],
    ["backslashes", "escaped", "usual"],
    ["wide", "plain", "latin"],
    ["emoji", "escaped", "quotes"],
  ]
  it.each(longest)("fit: a name of %s, a %s image, a user agent of %s", async (...kinds) => {
    const [name, image, userAgent] = [names[kinds[0]], images[kinds[1]], agents[kinds[2]]]
    const { newBrowser, newEmail, password } = testing
    const email = longEmail(newEmail().split("@")[0] ?? "")
    expect(email).toHaveLength(254)
    const browser = newBrowser({ userAgent })
    const json = { name, image, email, password }
    expect(small(await browser.call("/sign-up/email", { json })).status).toBe(200)
    expect((await expectTruth(browser)).user).toMatchObject({ name, image, email })

    for (const rememberMe of [true, false]) {
      expect(small(await browser.signIn(email, { rememberMe })).status).toBe(200)
      await expectTruth(browser)
      expect(small(await browser.post("/update-user", { name, image })).status).toBe(200)
      await expectTruth(browser)
      const { session: current } = await browser.session()
      const wide = { id: current.id, name: "\u{1f600}".repeat(64) }
      expect(small(await browser.post("/rename-session", wide)).status).toBe(200)
      const change = { currentPassword: password, newPassword: password, revokeOtherSessions: true }
      expect(small(await browser.post("/change-password", change)).status).toBe(200)
      small(await browser.call("/get-session?disableCookieCache=true"))
      await expectTruth(browser)
    }
    expect(small(await browser.post("/sign-out")).status).toBe(200)
    expect(browser.cookies.size).toBe(0)
  })
})

it("are as few when an administrator looks at such an account, and comes back", async () => {
  const { newBrowser, newEmail, password, giveRole } = testing
  const make = async (rememberMe: boolean) => {
    const browser = newBrowser({ userAgent: agents.usual })
    const email = longEmail(newEmail().split("@")[0] ?? "")
    const json = { name: names.emoji, image: images.plain, email, password }
    await browser.call("/sign-up/email", { json })
    const { user: made } = await browser.session()
    await giveRole(made.id, rememberMe ? "user" : "admin")
    await browser.signIn(email, { rememberMe })
    return { browser, id: made.id as string }
  }
  const [admin, seen] = [await make(false), await make(true)]
  const start = await admin.browser.post("/admin/impersonate-user", { userId: seen.id })
  expect(small(start).status).toBe(200)
  expect((await expectTruth(admin.browser)).session.impersonatedBy).toBe(admin.id)
  expect(small(await admin.browser.post("/admin/stop-impersonating")).status).toBe(200)
  expect((await expectTruth(admin.browser)).user.id).toBe(admin.id)
})

describe("the copy", () => {
  it("is there for everybody with a usual name, and for most others", async () => {
    const { newBrowser, newEmail, password } = testing
    const email = longEmail(newEmail().split("@")[0] ?? "")
    const browser = newBrowser()
    const json = { name: names.emoji, image: images.plain, email, password }
    const signUp = await browser.call("/sign-up/email", { json })
    expect(copiesIn(signUp)).toEqual([expect.stringMatching(/=ey/)])
    expect(copiesIn(await browser.post("/update-user", { name: "Ana" }))).toHaveLength(1)
  })

  it("holds nothing that its reader neither answers nor checks", async () => {
    const { browser, sessionId } = await testing.signedUp()
    await browser.post("/rename-session", { id: sessionId, name: "Desk" })
    await browser.call("/get-session?disableCookieCache=true")
    const text = Buffer.from(browser.cookies.get(copyName) ?? "", "base64url").toString()
    const { session: rows } = JSON.parse(text)
    expect(Object.keys(rows.session).sort()).toEqual(
      "createdAt expiresAt id ipAddress token updatedAt userAgent userId".split(" "),
    )
    expect(Object.keys(rows.user).sort()).toEqual(
      "createdAt email emailVerified id name updatedAt".split(" "),
    )
  })

  it("is left out where older rows are too long for it, and the one before goes", async () => {
    const { browser, sessionId, userId } = await testing.signedUp()
    const userAgent = '"'.repeat(512)
    const image = `https://example.com/${"\\".repeat(1004)}`
    await db.update(session).set({ userAgent }).where(eq(session.id, sessionId))
    await db.update(user).set({ image, updatedAt: new Date() }).where(eq(user.id, userId))
    const response = small(await browser.call("/get-session?disableCookieCache=true"))
    expect(copiesIn(response)).toEqual([expect.stringMatching(/=; Max-Age=0;/)])
    expect(browser.cookies.has(copyName)).toBe(false)
    expect(await browser.session()).toMatchObject({ session: { userAgent }, user: { image } })
    expect(small(await browser.post("/update-user", { name: "Ana Maria" })).status).toBe(200)
    expect((await browser.session()).user.name).toBe("Ana Maria")
  })
})

describe("pieces of a copy that a browser still has", () => {
  const calls: [string, object | undefined][] = [
    ["/get-session", undefined],
    ["/get-session?disableCookieCache=true", undefined],
    ["/update-user", { name: "Ana" }],
    ["/revoke-other-sessions", {}],
    ["/list-sessions", undefined],
    ["/revoke-sessions", {}],
    ["/sign-out", {}],
  ]
  it.each(calls)("go with the answer of %s", async (path, json) => {
    const { browser } = await testing.signedUp()
    for (const piece of [0, 1, 2]) browser.cookies.set(`${copyName}.${piece}`, "x")
    small(await browser.call(path, json ? { json } : {}))
    const left = [...browser.cookies.keys()].filter((name) => name.startsWith(`${copyName}.`))
    expect(left).toEqual([])
  })

  it("are not believed, with or without a whole one beside them", async () => {
    const { browser, sessionId } = await testing.signedUp()
    const copy = browser.cookies.get(copyName) ?? ""
    await db.update(session).set({ userAgent: "changed" }).where(eq(session.id, sessionId))
    browser.cookies.delete(copyName)
    browser.cookies.set(`${copyName}.0`, copy.slice(0, 100))
    browser.cookies.set(`${copyName}.1`, copy.slice(100))
    expect((await browser.session()).session.userAgent).toBe("changed")
  })
})
