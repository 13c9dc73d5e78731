/** The promise of this project: no session token anywhere but in the cookie no script can read. */
import type { APIRequestContext, APIResponse } from "@playwright/test"
import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { cameFrom, listSessions, newAddress, post } from "./support/http"
import { cookiesSetBy, tokenSetBy } from "./support/tokens"

const pages = [
  "/",
  "/sign-in",
  "/sign-up",
  "/forgot-password",
  "/reset-password?token=none",
  "/verify-email",
  "/dashboard",
  "/settings",
  "/settings/profile",
  "/settings/security",
  "/no-such-page",
]

/** Answers as text, and every token they ever set, to be held against each other at the end. */
class Answers {
  readonly tokens = new Set<string>()
  readonly #texts: { what: string; text: string }[] = []

  async add(what: string, response: APIResponse) {
    const token = tokenSetBy(response)
    if (token) this.tokens.add(token)
    this.#texts.push({ what, text: await response.text() })
    return response
  }

  leaks(): string[] {
    expect([...this.tokens].filter((token) => token.length < 20)).toEqual([])
    return this.#texts
      .filter(({ text }) => [...this.tokens].some((token) => text.includes(token)))
      .map(({ what }) => what)
  }
}

/** Another device of the same user, whose token this one must never see either. */
async function otherDevice(client: APIRequestContext, answers: Answers, account: object) {
  await answers.add("sign-in", await post(client, "/sign-in/email", account))
}

test("no endpoint's answer holds a session token", async ({ request, newClient }) => {
  const account = newAccount()
  const newPassword = "some other words"
  const answers = new Answers()
  const send = async (path: string, body: object = {}) => {
    const response = await post(request, path, body, cameFrom(newAddress()))
    expect(response.status(), path).toBe(200)
    return answers.add(path, response)
  }
  const read = async (path: string) => {
    const response = await request.get(path)
    expect(response.status(), path).toBe(200)
    return answers.add(path, response)
  }

  await send("/sign-up/email", account)
  await send("/sign-in/email", account)
  await otherDevice(await newClient(), answers, account)
  await read("/api/auth/get-session")
  await read("/api/auth/get-session?disableCookieCache=true")
  await read("/api/auth/list-sessions")
  await read("/api/auth/list-accounts")
  await read("/api/me")
  await read("/api/health")
  await send("/update-user", { name: "Ana" })
  const [own, other] = await listSessions(request)
  await send("/rename-session", { id: own?.id, name: "Desk" })
  await send("/revoke-session", { id: other?.id })
  await send("/request-password-reset", { email: account.email, redirectTo: "/reset-password" })
  await send("/send-verification-email", { email: account.email })
  await send("/change-password", {
    currentPassword: account.password,
    newPassword,
    revokeOtherSessions: true,
  })
  await send("/revoke-other-sessions")
  await send("/revoke-sessions")
  await send("/sign-in/email", { email: account.email, password: newPassword })
  await send("/sign-out")

  expect(answers.tokens.size, "sign-up, two sign-ins, a changed password, a sign-in").toBe(5)
  expect(answers.leaks()).toEqual([])
})

test("the token is in a cookie that says HttpOnly, and so is its cached copy", async ({
  request,
  user,
}) => {
  const response = await post(request, "/sign-in/email", user)
  const headers = response.headersArray().filter(({ name }) => /^set-cookie$/i.test(name))
  expect(headers.length).toBeGreaterThanOrEqual(2)
  for (const { value } of headers) expect(value).toMatch(/; ?HttpOnly/i)
  const cached = cookiesSetBy(response).get("better-auth.session_data") ?? ""
  expect(Buffer.from(cached, "base64url").toString()).toContain(tokenSetBy(response))
})

test("no page and no page's data holds a session token", async ({ request, user, newClient }) => {
  const answers = new Answers()
  await answers.add("sign-in", await post(request, "/sign-in/email", user))
  await otherDevice(await newClient(), answers, user)
  expect(answers.tokens.size).toBe(2)
  for (const path of pages) {
    await answers.add(`HTML of ${path}`, await request.get(path))
    const data = await request.get(path, { headers: { RSC: "1" } })
    expect(data.headers()["content-type"], path).toBe("text/x-component")
    await answers.add(`data of ${path}`, data)
  }
  expect(answers.leaks()).toEqual([])
})

test("no script of a page can read a session cookie", async ({ signedIn: page }) => {
  const cookies = await page.context().cookies()
  expect(cookies.map(({ name }) => name)).toContain("better-auth.session_token")
  for (const path of ["/", "/dashboard", "/settings/profile", "/settings/security"]) {
    await page.goto(path)
    await expect(page.getByRole("button", { name: "Account menu" })).toBeVisible()
    expect(await page.evaluate(() => document.cookie)).toBe("")
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
    for (const { value } of cookies) expect(stored).not.toContain(value)
  }
})
