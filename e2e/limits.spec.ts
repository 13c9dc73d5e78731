/** How sessions end by themselves, on a clock of seconds: after disuse, and however much they are used. */
import { randomBytes } from "node:crypto"
import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { newDataDir, Server } from "./support/server"
import { tokenCookie, Visitor } from "./support/visitor"

const idle = 7
const absolute = 13
/** What a busy machine may add between a moment and its observation, in seconds. */
const slack = 5

/**
 * For cookies that are kept and sent again: their copy is made late, and would then be believed for far
 * longer than the session lives.
 */
const kept = { idle: 20, updateAge: 15, cache: 19, absolute: 25 }

let server: Server
/** One, or two of the same database of which the second has only ever seen the copy. */
const keepers: Server[] = []

test.beforeAll(async () => {
  const database = { DATABASE_URL: process.env.DATABASE_URL ?? "" }
  server = await Server.start({
    ...database,
    DATA_DIR: newDataDir(),
    SESSION_EXPIRES_IN: String(idle),
    SESSION_UPDATE_AGE: "1",
    SESSION_CACHE_MAX_AGE: "3",
    SESSION_ABSOLUTE_LIFETIME: String(absolute),
  })
  const settings = {
    ...database,
    DATA_DIR: newDataDir(),
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
    SESSION_EXPIRES_IN: String(kept.idle),
    SESSION_UPDATE_AGE: String(kept.updateAge),
    SESSION_CACHE_MAX_AGE: String(kept.cache),
    SESSION_ABSOLUTE_LIFETIME: String(kept.absolute),
  }
  const keeper = await Server.start(settings)
  keepers.push(keeper)
  if (database.DATABASE_URL) {
    keepers.push(await Server.start({ ...settings, BETTER_AUTH_URL: keeper.url }))
  }
  for (const one of [server, ...keepers]) await one.expectHealth(200)
})

test.afterAll(() => Promise.all([server, ...keepers].map((one) => one.kill())))

const now = () => Date.now() / 1000

/** Somebody who has just signed up, and the moments between which that was. */
async function arrive(at = server) {
  const visitor = new Visitor(at.url)
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

/** Has the server read the visitor's row and make a copy of it, at `moment` seconds on the test's clock. */
async function renewAt(moment: number, visitor: Visitor): Promise<void> {
  await expect
    .poll(now, { timeout: kept.absolute * 1000, intervals: [100] })
    .toBeGreaterThan(moment)
  visitor.lapse()
  expect(await (await visitor.request("/api/auth/get-session")).json()).not.toBeNull()
}

/** Sends a visitor's cookies as they are now, until nobody is signed in by them; how long after `since`. */
async function keptUntilEnd(visitor: Visitor, since: number): Promise<number> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  const url = `${keepers.at(-1)?.url}/api/me`
  const read = async () => (await fetch(url, { headers: { cookie } })).status === 200
  expect(await read()).toBe(true)
  return secondsUntilEnd(read, since)
}

test("kept cookies outlive neither limit, however long their copy would be believed", async () => {
  const [idler, user] = await Promise.all([arrive(keepers[0]), arrive(keepers[0])])
  const untilIdle = async () => {
    // Too early to be extended.
    await renewAt(idler.latest + kept.updateAge - 3, idler.visitor)
    return keptUntilEnd(idler.visitor, idler.earliest)
  }
  const untilAbsolute = async () => {
    // Late enough to be extended, as far as may be; and once more as late as can be.
    await renewAt(user.latest + kept.updateAge + 1, user.visitor)
    await renewAt(user.latest + kept.absolute - 3, user.visitor)
    return keptUntilEnd(user.visitor, user.earliest)
  }
  const [idleFor, livedFor] = await Promise.all([untilIdle(), untilAbsolute()])
  expect(idleFor).toBeGreaterThan(kept.idle - 1)
  expect(idleFor).toBeLessThan(kept.idle + (idler.latest - idler.earliest) + slack)
  expect(livedFor).toBeGreaterThan(kept.absolute - 1)
  expect(livedFor).toBeLessThan(kept.absolute + (user.latest - user.earliest) + slack)
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
