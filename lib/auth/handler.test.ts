import { randomBytes } from "node:crypto"
import { describe, expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { user } from "@/lib/db/schema"
import { env } from "@/lib/env"
import { newBrowser, newEmail, password, signedUp } from "@/lib/testing/browser"
import { cutDatabase } from "@/lib/testing/outage"

describe("bad input", () => {
  it("is 4xx with a code for malformed JSON, and changes nothing", async () => {
    const { browser } = await signedUp()
    for (const body of ["{", "[]", "null", "1", '"x"', "\u0000"]) {
      const response = await browser.call("/update-user", {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      })
      expect([body, response.status]).toEqual([body, 400])
      expect(await response.json()).toHaveProperty("code")
    }
    expect((await browser.session()).user.name).toBe("Ana")
  })

  it("is 413 for a megabyte, declared or not", async () => {
    const megabyte = `{"name":"${"x".repeat(1024 * 1024)}"}`
    const { browser } = await signedUp()
    const declared = await browser.call("/update-user", {
      method: "POST",
      body: megabyte,
      headers: { "content-type": "application/json", "content-length": String(megabyte.length) },
    })
    const streamed = await browser.call("/update-user", {
      method: "POST",
      body: megabyte,
      headers: { "content-type": "application/json" },
    })
    for (const response of [declared, streamed]) {
      expect(response.status).toBe(413)
      expect(await response.json()).toMatchObject({ code: "BODY_TOO_LARGE" })
    }
  })

  it.each([
    ["a name of 200 characters", { name: "x".repeat(200) }, "INVALID_NAME"],
    ["an empty name", { name: "  " }, "INVALID_NAME"],
    ["a name that is no text", { name: { a: 1 } }, "INVALID_NAME"],
    ["an image that is a script", { image: "javascript:alert(1)" }, "INVALID_IMAGE"],
    ["a name that hides what it says", { name: "Ana\u202Eevil" }, "INVALID_NAME"],
    ["a name with a NUL", { name: "A\u0000na" }, "INVALID_NAME"],
    ["an image without end", { image: `https://example.com/${"x".repeat(2000)}` }, "INVALID_IMAGE"],
  ])("is 400 for %s", async (_what, change, code) => {
    const { browser } = await signedUp()
    const response = await browser.post("/update-user", change)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code })
    expect((await browser.session()).user).toMatchObject({ name: "Ana", image: null })
  })

  it("is 400 with a code for text the database cannot store", async () => {
    const { browser, sessionId } = await signedUp()
    const answers = [
      await browser.post("/revoke-session", { id: "\u0000" }),
      await browser.post("/rename-session", { id: "\u0000", name: "x" }),
      await browser.post("/rename-session", { id: sessionId, name: "\u0000" }),
      await browser.post("/reset-password", { newPassword: "a new password", token: "\u0000" }),
      await newBrowser().signUp(newEmail(), "A\u0000na"),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(400)
      expect(await answer.json()).toHaveProperty("code")
    }
  })

  it("is 400 for an address longer than addresses are", async () => {
    const response = await newBrowser().signUp(`${"x".repeat(12_000)}@example.com`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: "INVALID_EMAIL" })
  })

  it("stores a profile trimmed, and an empty image as none", async () => {
    const { browser } = await signedUp()
    const image = "https://example.com/a.png"
    await browser.post("/update-user", { name: "  Bea ", image })
    expect((await browser.session()).user).toMatchObject({ name: "Bea", image })
    await browser.post("/update-user", { image: "" })
    expect((await browser.session()).user).toMatchObject({ name: "Bea", image: null })
  })

  it("ignores fields that are not the user's to set", async () => {
    const { browser } = await signedUp()
    await browser.post("/update-user", { name: "Bea", emailVerified: true, id: "x" })
    expect((await browser.session()).user).toMatchObject({ name: "Bea", emailVerified: false })
  })

  it("is 403 for another origin, and 415 for a form", async () => {
    const { browser } = await signedUp()
    const foreign = await browser.call("/update-user", {
      json: { name: "Eve" },
      headers: { origin: "https://evil.example" },
    })
    expect(foreign.status).toBe(403)
    const form = await browser.call("/update-user", {
      method: "POST",
      body: "name=Eve",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    })
    expect(form.status).toBe(415)
    expect((await browser.session()).user.name).toBe("Ana")
  })

  it("is 404 for a path that is not there", async () => {
    expect((await newBrowser().call("/nothing")).status).toBe(404)
  })
})

describe("a cookie that is not a session", () => {
  const token = "better-auth.session_token"
  const data = "better-auth.session_data"
  const garbage = [
    "x",
    "%",
    "%00",
    ".",
    "a.b",
    `${"a".repeat(32)}.${"b".repeat(43)}=`,
    `${"a".repeat(32)}.${encodeURIComponent(randomBytes(32).toString("base64"))}`,
    "__proto__",
    randomBytes(300).toString("base64url"),
    "undefined",
  ]

  it("reads as signed out and is cleared, never a 500", async () => {
    for (const value of garbage) {
      for (const cookie of [`${token}=${value}`, `${token}=${value}; ${data}=${value}`]) {
        const response = await newBrowser().call("/get-session", { headers: { cookie } })
        expect([cookie, response.status, await response.text()]).toEqual([cookie, 200, "null"])
        const cleared = response.headers.getSetCookie().join("\n")
        expect(cleared).toContain(`${token}=; Max-Age=0`)
      }
    }
  })

  it("is not asked for by a visitor without one", async () => {
    const response = await newBrowser().call("/get-session")
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it("does not stop a valid one beside it", async () => {
    const { browser, sessionId } = await signedUp()
    for (const value of garbage) {
      browser.cookies.set(data, value)
      expect((await browser.session())?.session.id).toBe(sessionId)
      browser.cookies.delete(data)
      browser.cookies.set(`${data}.0`, value)
      expect((await browser.session())?.session.id).toBe(sessionId)
      browser.cookies.delete(`${data}.0`)
    }
  })

  it("reads as signed out when it has expired", async () => {
    const { browser } = await signedUp()
    vi.useFakeTimers({ now: Date.now() + env.SESSION_EXPIRES_IN * 1000 + 1000, toFake: ["Date"] })
    try {
      expect(await browser.session()).toBeNull()
      expect(browser.cookies.size).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe("every answer", () => {
  it("must not be stored", async () => {
    const { browser, email } = await signedUp()
    const answers = [
      await browser.call("/get-session"),
      await browser.call("/list-sessions"),
      await browser.call("/nothing"),
      await newBrowser().signIn(email),
      await newBrowser().signIn(email, { password: "wrong password" }),
      await browser.call("/verify-email?token=x&callbackURL=/verify-email"),
    ]
    for (const answer of answers) expect(answer.headers.get("cache-control")).toBe("no-store")
  })
})

describe("while the database cannot answer", () => {
  it("is 503 with Retry-After and no cookie, on every endpoint that needs it", async () => {
    const { browser, email } = await signedUp()
    const restore = cutDatabase("ECONNREFUSED")
    try {
      const answers = {
        read: await browser.call("/get-session?disableCookieCache=true"),
        list: await browser.call("/list-sessions"),
        update: await browser.post("/update-user", { name: "Eve" }),
        signOut: await browser.post("/sign-out"),
        revoke: await browser.post("/revoke-other-sessions"),
        signIn: await newBrowser().signIn(email),
        signUp: await newBrowser().signUp(newEmail()),
        reset: await newBrowser().post("/request-password-reset", { email }),
      }
      for (const [what, answer] of Object.entries(answers)) {
        expect([what, answer.status]).toEqual([what, 503])
        expect(answer.headers.get("retry-after")).toBe("1")
        expect(answer.headers.getSetCookie()).toEqual([])
        expect(await answer.json()).toMatchObject({ code: "SERVICE_UNAVAILABLE" })
      }
      expect((await browser.session()).user.email).toBe(email)
    } finally {
      restore()
    }
    expect(await browser.list()).toHaveLength(1)
  })

  it("writes no token and no address into the log", async () => {
    const { browser, email } = await signedUp()
    const token = browser.token()
    const logged: string[] = []
    const spies = (["error", "warn", "info", "log"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...parts) => {
        logged.push(parts.map((part) => (part instanceof Error ? part.stack : part)).join(" "))
      }),
    )
    const restore = cutDatabase("57P01")
    try {
      await browser.call("/list-sessions")
      await newBrowser().signIn(email)
    } finally {
      restore()
      for (const spy of spies) spy.mockRestore()
    }
    expect(logged.join("\n")).not.toContain(token)
    expect(logged.join("\n")).not.toContain(email)
  })
})

describe("sign-up without a mail server", () => {
  it("signs in at once, and says that an address is taken", async () => {
    const { email } = await signedUp()
    const response = await newBrowser().signUp(email)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    })
    const users = await db.select().from(user)
    expect(users.filter((one) => one.email === email)).toHaveLength(1)
  })
})

it("signs in with the right password only", async () => {
  const { email } = await signedUp()
  const wrong = await newBrowser().signIn(email, { password: `${password}x` })
  expect(wrong.status).toBe(401)
  expect(wrong.headers.getSetCookie()).toEqual([])
})
