/** How sessions end by themselves, on a clock of seconds: after disuse, and however much they are used. */
import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { newDataDir, Server } from "./support/server"
import { tokenCookie, Visitor } from "./support/visitor"

const idle = 10
const absolute = 25
/** What a busy machine may add between a moment and its observation, in seconds. */
const slack = 5

let server: Server

test.beforeAll(async () => {
  server = await Server.start({
    DATABASE_URL: process.env.DATABASE_URL ?? "",
    DATA_DIR: newDataDir(),
    SESSION_EXPIRES_IN: String(idle),
    SESSION_UPDATE_AGE: "1",
    SESSION_CACHE_MAX_AGE: "4",
    SESSION_ABSOLUTE_LIFETIME: String(absolute),
  })
  await server.expectHealth(200)
})

test.afterAll(() => server.kill())

const now = () => Date.now() / 1000

/** Somebody who has just signed up, and the moments between which that was. */
async function arrive() {
  const visitor = new Visitor(server.url)
  const account = newAccount()
  const earliest = now()
  await visitor.signUp(account.email)
  return { visitor, account, earliest, latest: now() }
}

/** Asks again and again until the answer is that nobody is signed in; how long after `since` that was. */
async function secondsUntilEnd(isSignedIn: () => Promise<boolean>, since: number): Promise<number> {
  await expect.poll(isSignedIn, { timeout: (absolute + idle) * 1000, intervals: [300] }).toBe(false)
  return now() - since
}

test("a session used all the time ends at the absolute limit", async () => {
  const { visitor, earliest, latest } = await arrive()
  const isSignedIn = async () => {
    const response = await visitor.request("/api/auth/get-session")
    expect(response.status).toBe(200)
    return (await response.json()) !== null
  }
  const lived = await secondsUntilEnd(isSignedIn, earliest)
  expect(lived).toBeGreaterThan(absolute - 1)
  expect(lived).toBeLessThan(absolute + (latest - earliest) + slack)
  expect(visitor.cookies.has(tokenCookie)).toBe(false)
})

/** Reads a handler with a visitor's cookies as they are now, whatever the server then says to them. */
function keptFrom(visitor: Visitor): () => Promise<boolean> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  return async () => (await fetch(`${server.url}/api/me`, { headers: { cookie } })).status === 200
}

test("kept cookies do not outlive the idle limit, however much they are sent", async () => {
  const { visitor, earliest, latest } = await arrive()
  const lived = await secondsUntilEnd(keptFrom(visitor), earliest)
  expect(lived).toBeGreaterThan(idle - 1)
  expect(lived).toBeLessThan(idle + (latest - earliest) + slack)
})

test("kept cookies do not outlive the absolute limit, however fresh their copy is", async () => {
  const { visitor, earliest, latest } = await arrive()
  let isKept = keptFrom(visitor)
  const isSignedIn = async () => {
    // Renewed until the last moment, and only kept from then on.
    if (now() - latest < absolute - 2) {
      await visitor.request("/api/auth/get-session")
      isKept = keptFrom(visitor)
    }
    return isKept()
  }
  const lived = await secondsUntilEnd(isSignedIn, earliest)
  expect(lived).toBeGreaterThan(absolute - 1)
  expect(lived).toBeLessThan(absolute + (latest - earliest) + slack)
})

test("an idle visitor signs in again, and is back at the page", async ({ page }) => {
  const { visitor, account } = await arrive()
  await page
    .context()
    .addCookies([...visitor.cookies].map(([name, value]) => ({ name, value, url: server.url })))
  const target = `${server.url}/settings/profile?from=mail`
  await page.goto(target)
  await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible()
  // Nobody looks: an open page would go on using the session.
  await page.goto("about:blank")
  const last = new Visitor(server.url)
  for (const { name, value } of await page.context().cookies(server.url)) {
    last.cookies.set(name, value)
  }
  await secondsUntilEnd(async () => (await last.request("/api/me")).status === 200, now())

  await page.goto(target)
  await expect(page).toHaveURL(
    `${server.url}/sign-in?callbackUrl=${encodeURIComponent("/settings/profile?from=mail")}`,
  )
  await page.getByRole("textbox", { name: "Email" }).fill(account.email)
  await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery")
  await page.getByRole("button", { name: "Sign in" }).click()
  await expect(page).toHaveURL(target)
  await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible()
})

test('with "Remember me" off a session ends at the idle limit too, and its cookies with the browser', async ({
  page,
}) => {
  const { account } = await arrive()
  await page.goto(`${server.url}/sign-in`)
  await page.getByRole("textbox", { name: "Email" }).fill(account.email)
  await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery")
  await page.getByRole("checkbox", { name: "Remember me" }).uncheck()
  await page.getByRole("button", { name: "Sign in" }).click()
  await expect(page).toHaveURL(`${server.url}/dashboard`)
  await page.goto("about:blank")
  const cookies = await page.context().cookies(server.url)
  expect(cookies.map(({ name }) => name)).toContain(tokenCookie)
  for (const cookie of cookies) expect([cookie.name, cookie.expires]).toEqual([cookie.name, -1])

  const last = new Visitor(server.url)
  for (const { name, value } of cookies) last.cookies.set(name, value)
  const since = now()
  const lived = await secondsUntilEnd(
    async () => (await last.request("/api/me")).status === 200,
    since,
  )
  expect(lived).toBeLessThan(idle + slack)
  await page.goto(`${server.url}/dashboard`)
  await expect(page).toHaveURL(`${server.url}/sign-in?callbackUrl=%2Fdashboard`)
})
