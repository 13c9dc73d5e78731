/** The session in a page while the server fails, is busy, or cannot be reached: kept, marked, not hammered. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"

const sessionReads = "**/api/auth/get-session*"
const accountMenu = (page: Page) => page.getByRole("button", { name: "Account menu" })
/** What the menu says while the session cannot be read. */
const mark = (page: Page) =>
  page.getByRole("status").filter({ hasText: "Your session cannot be checked just now." })

/** Answers reads of the session with `status` and notes, in the page's own seconds, when each came. */
async function failReads(page: Page, status: number, headers: Record<string, string> = {}) {
  const times: number[] = []
  await page.route(sessionReads, async (route) => {
    times.push((await page.evaluate(() => Date.now())) / 1000)
    await route.fulfill({ status, headers, json: { code: "FAILED", message: "later" } })
  })
  return times
}

/** Lets the page's clock run, second by second, with every answer of a second read in it. */
async function pass(page: Page, seconds: number) {
  for (let second = 0; second < seconds; second++) {
    await page.clock.runFor(1_000)
    await page.evaluate(() => navigator.locks.request("session", { mode: "exclusive" }, () => null))
  }
}

test("a server that fails for a minute keeps the menu, and is asked less and less", async ({
  signedIn: page,
  allowErrors,
}) => {
  allowErrors(/500/)
  await page.clock.install()
  await page.goto("/settings/profile")
  await expect(page.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  // From now on the page's time goes on by `pass` only.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1_000)
  const times = await failReads(page, 500)
  await page.evaluate(() => window.dispatchEvent(new Event("focus")))
  await expect.poll(() => times.length).toBe(1)
  await pass(page, 60)

  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
  console.warn(`asked again after ${gaps.map((gap) => gap.toFixed(1)).join(", ")} s`)
  // Steps of 2, 4, 8, 16 and 32 seconds, each between half and the whole of it.
  expect(gaps.length).toBeGreaterThanOrEqual(4)
  expect(gaps.length).toBeLessThanOrEqual(6)
  gaps.forEach((gap, at) => {
    // The page's clock goes on by seconds here.
    expect(gap).toBeGreaterThanOrEqual(2 ** at - 0.1)
    expect(gap).toBeLessThanOrEqual(2 ** (at + 1) + 2)
  })
  await expect(mark(page)).toBeAttached()

  await page.unroute(sessionReads)
  await pass(page, 61)
  await expect(mark(page)).toHaveCount(0)
  await expect(accountMenu(page)).toBeVisible()
})

test("too many requests are no sign-out, and the pause asked for is kept", async ({
  signedIn: page,
  allowErrors,
}) => {
  allowErrors(/429/)
  await page.clock.install()
  await page.goto("/settings/profile")
  await expect(page.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  // From now on the page's time goes on by `pass` only.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1_000)
  const times = await failReads(page, 429, { "Retry-After": "30" })
  await page.evaluate(() => window.dispatchEvent(new Event("focus")))
  await expect.poll(() => times.length).toBe(1)
  await pass(page, 28)
  expect(times).toHaveLength(1)
  await pass(page, 4)
  expect(times).toHaveLength(2)
  await expect(accountMenu(page)).toBeVisible()
  await expect(page).toHaveURL("/settings/profile")
})

test("going offline keeps who is signed in and says so; coming back mends it", async ({
  signedIn: page,
  allowErrors,
}) => {
  allowErrors(/ERR_INTERNET_DISCONNECTED|Failed to fetch/)
  await page.goto("/settings/profile")
  await expect(page.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  await expect(mark(page)).toHaveCount(0)
  await page.context().setOffline(true)
  await expect(mark(page)).toBeAttached()
  await expect(accountMenu(page)).toBeVisible()
  const read = page.waitForResponse((response) => response.url().includes("get-session"))
  await page.context().setOffline(false)
  expect((await read).status()).toBe(200)
  await expect(mark(page)).toHaveCount(0)
})

test("signing out without a network says so, and works when it is back", async ({
  signedIn: page,
  allowErrors,
}) => {
  allowErrors(/ERR_INTERNET_DISCONNECTED|Failed to fetch/)
  await page.goto("/settings/profile")
  await expect(page.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  await page.context().setOffline(true)
  await accountMenu(page).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(page.getByRole("alert").filter({ hasText: "could not be reached" })).toBeVisible()
  await page.context().setOffline(false)
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(page).toHaveURL("/")
  expect(await page.context().cookies()).toEqual([])
})

test("a sign-out is seen by other tabs although nothing can be read after it", async ({
  signedIn: page,
  allowErrors,
}) => {
  allowErrors(/500/)
  const other = await page.context().newPage()
  await other.goto("/dashboard")
  await page.goto("/settings/profile")
  await failReads(page, 500)
  await accountMenu(page).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(page).toHaveURL("/")
  await expect(other).toHaveURL(/\/sign-in\?.*reason=signed-out/)
})

test("a visitor who goes offline is still a visitor", async ({ page, allowErrors }) => {
  allowErrors(/ERR_INTERNET_DISCONNECTED|Failed to fetch/)
  await page.goto("/")
  const signIn = page.getByRole("banner").getByRole("link", { name: "Sign in" })
  await expect(signIn).toBeVisible()
  const failed = page.waitForEvent("requestfailed")
  await page.context().setOffline(true)
  await failed
  await expect(signIn).toBeVisible()
})

test("a read that says 401 is a sign-out at once", async ({ signedIn: page, allowErrors }) => {
  allowErrors(/401/)
  await page.goto("/settings/profile")
  await expect(page.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  await page.route(sessionReads, (route) => route.fulfill({ status: 401, json: {} }))
  const left = page.waitForRequest((request) => request.isNavigationRequest())
  await page.evaluate(() => window.dispatchEvent(new Event("focus")))
  // Whence the server, which knows better, leads back.
  const { pathname, search } = new URL((await left).url())
  expect(`${pathname}${search}`).toBe(
    "/sign-in?callbackUrl=%2Fsettings%2Fprofile&reason=signed-out",
  )
})
