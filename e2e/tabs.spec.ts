/** One browser, one truth: what happens to the session in a tab is seen by the others within a second. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { newAccount, signIn, signUp } from "./support/account"
import { newDataDir, Server } from "./support/server"
import { firefoxOnWindows } from "./support/user-agents"
import { Visitor } from "./support/visitor"

/** What "within a second" is for a test, in milliseconds. */
const soon = { timeout: 1_000 }

const accountMenu = (page: Page) => page.getByRole("button", { name: "Account menu" })
const signInLink = (page: Page) => page.getByRole("banner").getByRole("link", { name: "Sign in" })
const devices = (page: Page) =>
  page.getByRole("region", { name: "Active sessions" }).getByRole("listitem")

/** The reads of the session that `page` makes from now on. */
function countReads(page: Page): () => number {
  let reads = 0
  page.on("request", (request) => {
    if (request.url().includes("/api/auth/get-session")) reads += 1
  })
  return () => reads
}

/** From now on the page's time goes on by `runFor` only. */
async function stopClock(page: Page) {
  const now = await page.evaluate(() => Date.now())
  await page.clock.pauseAt(now + 1_000)
}

async function signOutFromMenu(page: Page) {
  await accountMenu(page).click()
  const answered = page.waitForResponse("**/api/auth/sign-out")
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await (await answered).finished()
}

test("signing in and out is seen by another tab, which asks for nothing", async ({
  page,
  user,
}) => {
  const other = await page.context().newPage()
  await other.goto("/")
  await expect(signInLink(other)).toBeVisible()
  const form = await page.context().newPage()
  await form.goto("/sign-in?callbackUrl=%2Fsettings%2Fprofile")
  await expect(form.getByRole("button", { name: "Sign in" })).toBeEnabled()
  const reads = countReads(other)

  await page.goto("/sign-in")
  await page.getByRole("textbox", { name: "Email" }).fill(user.email)
  await page.getByLabel("Password", { exact: true }).fill(user.password)
  const read = page.waitForResponse("**/api/auth/get-session")
  await page.getByRole("button", { name: "Sign in" }).click()
  await (await read).finished()
  await expect(accountMenu(other)).toBeVisible(soon)
  await expect(page).toHaveURL("/dashboard")
  await expect(form, "a form that is no longer needed").toHaveURL("/settings/profile")
  // Both pages are awake: before that the menu's form would be sent as it stands.
  await expect(page.getByRole("button", { name: "Read it again" })).toBeEnabled()
  await expect(form.getByRole("button", { name: "Refresh session" })).toBeEnabled()

  await signOutFromMenu(page)
  await expect(signInLink(other)).toBeVisible(soon)
  expect(reads()).toBe(0)
  await expect(form).toHaveURL(/\/sign-in\?callbackUrl=%2Fsettings%2Fprofile&reason=signed-out/)
  await expect(form.getByText("You were signed out")).toBeVisible()
})

test("a browser without channels between tabs tells them in another way", async ({
  signedIn: page,
}) => {
  await page.context().addInitScript(() => Reflect.deleteProperty(window, "BroadcastChannel"))
  const other = await page.context().newPage()
  await other.goto("/dashboard")
  await page.goto("/settings/profile")
  await expect(page.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  await page.getByRole("textbox", { name: "Name" }).fill("Beatriz Costa")
  await page.getByRole("button", { name: "Save changes" }).click()
  await expect(accountMenu(other)).toHaveText("BC")
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }))
  expect(stored, "nothing of it stays").toBe("{}")
  await signOutFromMenu(page)
  await expect(other).toHaveURL(/\/sign-in\?.*reason=signed-out/)
})

test("a changed password waits for reads under way, whose answers could take its cookie away", async ({
  signedIn: page,
  user,
}) => {
  const other = await page.context().newPage()
  await other.goto("/settings/profile")
  await expect(other.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  await page.goto("/settings/security")
  const order: string[] = []
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    void other.route("**/api/auth/get-session*", async (route) => {
      const response = await route.fetch()
      resolve()
      await new Promise<void>((go) => {
        answer = go
      })
      order.push("read")
      await route.fulfill({ response })
    })
  })
  page.on("request", (request) => {
    if (request.url().endsWith("/change-password")) order.push("changed")
  })
  await other.evaluate(() => window.dispatchEvent(new Event("focus")))
  await held
  const waiting = () =>
    page.evaluate(async () => (await navigator.locks.query()).pending?.map(({ mode }) => mode))
  await page.getByLabel("Current password", { exact: true }).fill(user.password)
  await page.getByLabel("New password", { exact: true }).fill("another few words")
  await page.getByRole("button", { name: "Change password" }).click()
  await expect.poll(waiting).toEqual(["exclusive"])
  expect(order).toEqual([])
  answer()
  await expect(page.getByText("Password changed")).toBeVisible()
  expect(order.slice(0, 2)).toEqual(["read", "changed"])
  await page.reload()
  await expect(accountMenu(page)).toBeVisible()
})

test("a new name is seen by another tab", async ({ signedIn: page }) => {
  const other = await page.context().newPage()
  await other.goto("/dashboard")
  await page.goto("/settings/profile")
  const reads = countReads(other)
  await page.getByRole("textbox", { name: "Name" }).fill("Beatriz Costa")
  await page.getByRole("button", { name: "Save changes" }).click()
  await expect(page.getByText("Saved", { exact: true })).toBeVisible()
  await expect(accountMenu(other)).toHaveText("BC", soon)
  expect(reads()).toBe(0)
})

test("a device signed out in one tab is gone from the list in another", async ({
  signedIn: page,
  secondBrowser,
}) => {
  await secondBrowser(firefoxOnWindows.userAgent)
  const other = await page.context().newPage()
  await other.goto("/settings/security")
  await expect(devices(other)).toHaveCount(2)
  await page.goto("/settings/security")
  const answered = page.waitForResponse("**/api/auth/revoke-session")
  await page.getByRole("button", { name: `Sign out ${firefoxOnWindows.label}` }).click()
  await (await answered).finished()
  await expect(devices(other)).toHaveCount(1, soon)
})

test("a tab that shows one user never goes on showing them to the next", async ({
  signedIn: page,
  user,
  newClient,
}) => {
  const next = newAccount()
  await signUp(await newClient(), next)
  await page.goto("/settings/profile")
  await expect(page.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  // As by another program that shares the cookies: no message is sent.
  await signIn(page.request, next)
  await page.evaluate(() => window.dispatchEvent(new Event("focus")))
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue(next.name)
  const seen = await page.content()
  for (const text of [user.name, user.email]) expect(seen).not.toContain(text)
})

test("a page that the browser kept whole is not shown before it is known whose it is", async ({
  signedIn: page,
  user,
}) => {
  await page.goto("/dashboard")
  await expect(page.getByRole("button", { name: "Read it again" })).toBeEnabled()
  // Its session ends without a word to this tab.
  await page.context().clearCookies()
  const hidden = await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))
    return getComputedStyle(document.documentElement).visibility
  })
  expect(hidden).toBe("hidden")
  await expect(page).toHaveURL("/sign-in?callbackUrl=%2Fdashboard&reason=signed-out")
  expect(await page.content()).not.toContain(user.email)
})

test("a kept page is shown again when it is still the same user's", async ({ signedIn: page }) => {
  await page.goto("/dashboard")
  await expect(page.getByRole("button", { name: "Read it again" })).toBeEnabled()
  // As browsers do it: the page is visible first, which may begin a read, and then it is shown.
  await page.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange"))
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))
  })
  await expect(accountMenu(page)).toBeVisible()
  await expect(page).toHaveURL("/dashboard")
})

test("a static page that the browser kept says nothing of the last user until it has asked", async ({
  signedIn: page,
}) => {
  await page.goto("/")
  await expect(accountMenu(page)).toBeVisible()
  await page.context().clearCookies()
  await page.route("**/api/auth/get-session*", async (route) => {
    await expect(accountMenu(page)).toHaveCount(0)
    await route.continue()
  })
  await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))
  })
  await expect(signInLink(page)).toBeVisible()
})

test("whoever presses a link after their session ended elsewhere is told so", async ({
  signedIn: page,
  user,
}) => {
  await page.goto("/dashboard")
  await expect(page.getByRole("button", { name: "Read it again" })).toBeEnabled()
  await page.context().clearCookies()
  await page.getByRole("link", { name: "Security" }).click()
  await expect(page).toHaveURL("/sign-in?callbackUrl=%2Fsettings%2Fsecurity&reason=signed-out")
  await expect(page.getByText("You were signed out")).toBeVisible()
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled()
  expect(await page.content()).not.toContain(user.email)
})

test("a tab asks at most once in five seconds, and late rather than never", async ({
  signedIn: page,
}) => {
  await page.clock.install()
  await page.goto("/settings/profile")
  await expect(page.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  await stopClock(page)
  const reads = countReads(page)
  const focus = () =>
    page.evaluate(async () => {
      for (let time = 0; time < 10; time++) window.dispatchEvent(new Event("focus"))
      // Behind the read, if there is one.
      await navigator.locks.request("session", { mode: "exclusive" }, () => null)
    })
  await focus()
  expect(reads()).toBe(1)
  await page.clock.runFor(4_900)
  await focus()
  expect(reads()).toBe(1)
  await page.clock.runFor(200)
  await page.evaluate(() => navigator.locks.request("session", { mode: "exclusive" }, () => null))
  expect(reads(), "what was missed at 4.9 s is made good").toBe(2)
  await page.clock.runFor(5_100)
  await focus()
  expect(reads()).toBe(3)
})

test("ten tabs do not ask all at once: one change is one read, and a hidden tab waits", async ({
  signedIn: page,
}) => {
  const others: Page[] = []
  while (others.length < 9) others.push(await page.context().newPage())
  for (const other of others) {
    await other.goto("/settings/profile")
    await expect(other.getByRole("button", { name: "Refresh session" })).toBeEnabled()
  }
  await page.goto("/settings/profile")
  const reads = [page, ...others].map(countReads)
  await page.getByRole("textbox", { name: "Name" }).fill("Beatriz Costa")
  await page.getByRole("button", { name: "Save changes" }).click()
  for (const other of others) await expect(accountMenu(other)).toHaveText("BC")
  expect(reads.map((count) => count())).toEqual([1, ...others.map(() => 0)])

  const [hidden] = others
  await hidden?.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true })
    window.dispatchEvent(new Event("focus"))
    window.dispatchEvent(new Event("online"))
  })
  expect(reads[1]?.()).toBe(0)
  const read = hidden?.waitForResponse("**/api/auth/get-session")
  await hidden?.evaluate(() => {
    Reflect.deleteProperty(document, "visibilityState")
    document.dispatchEvent(new Event("visibilitychange"))
  })
  expect((await read)?.status()).toBe(200)
})

test.describe("a visible tab whose session was ended in another browser", () => {
  let server: Server
  // A visible tab reads at a fifth of this, and within a minute at most.
  const cacheMaxAge = 10

  test.beforeAll(async () => {
    server = await Server.start({
      DATABASE_URL: process.env.DATABASE_URL ?? "",
      DATA_DIR: newDataDir(),
      SESSION_CACHE_MAX_AGE: String(cacheMaxAge),
    })
    await server.expectHealth(200)
  })
  test.afterAll(() => server.kill())

  test("goes to sign in by itself, and says why", async ({ page }) => {
    const visitor = new Visitor(server.url)
    const { email } = newAccount()
    await visitor.signUp(email)
    const device = new Visitor(server.url)
    await device.signIn(email)
    await page
      .context()
      .addCookies([...device.cookies].map(([name, value]) => ({ name, value, url: server.url })))
    await page.goto(`${server.url}/settings/security?x=1`)
    await expect(devices(page)).toHaveCount(2)

    await visitor.post("/revoke-other-sessions")
    const since = Date.now()
    await expect(page).toHaveURL(/\/sign-in\?callbackUrl=%2Fsettings%2Fsecurity%3Fx%3D1&reason=/, {
      timeout: (cacheMaxAge / 5 + 5) * 1000,
    })
    console.warn(`left after ${Date.now() - since} ms, reading every ${cacheMaxAge / 5} s`)
    await expect(page.getByText("You were signed out")).toBeVisible()
    expect(await page.content()).not.toContain(email)
  })
})
