/** Who is signed in, as the header shows it: at once, truly, and for at most one request. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"

/** The reads of the session that `page` makes from now on. */
function watchSessionReads(page: Page): string[] {
  const reads: string[] = []
  page.on("request", (request) => {
    if (request.url().includes("/api/auth/get-session")) reads.push(request.method())
  })
  return reads
}

const accountMenu = (page: Page) => page.getByRole("button", { name: "Account menu" })
const signInLink = (page: Page) => page.getByRole("banner").getByRole("link", { name: "Sign in" })

test("a page made by the server knows who is signed in without asking again", async ({
  signedIn: page,
  user,
}) => {
  const reads = watchSessionReads(page)
  const html = await (await page.request.get("/dashboard")).text()
  const header = html.slice(html.indexOf("<header"), html.indexOf("</header>"))
  expect(header, "in its place in the server's HTML").toContain('aria-label="Account menu"')
  expect(header).toContain(user.name)
  await page.goto("/dashboard")
  // Enabled means that React has taken over, and with it everything that would ask.
  await expect(page.getByRole("button", { name: "Read it again" })).toBeEnabled()
  await accountMenu(page).click()
  await expect(page.getByText(user.email)).toBeVisible()
  await page.waitForLoadState("networkidle")
  expect(reads).toEqual([])
})

test("the landing page asks once and never shows a user as signed out", async ({
  signedIn: page,
}) => {
  await page.addInitScript(() => {
    const shown: string[] = []
    Object.assign(window, { shown })
    new MutationObserver(() => {
      const text = document.querySelector("header")?.textContent ?? ""
      if (shown.at(-1) !== text) shown.push(text)
    }).observe(document, { childList: true, subtree: true, characterData: true })
  })
  const reads = watchSessionReads(page)
  await page.goto("/")
  await expect(accountMenu(page)).toBeVisible()
  const shown = await page.evaluate(() => (window as unknown as { shown: string[] }).shown)
  expect(shown.length).toBeGreaterThan(0)
  expect(shown.filter((text) => text.includes("Sign in"))).toEqual([])
  expect(reads).toEqual(["GET"])
})

test("the landing page asks once and shows a visitor the way in", async ({ page }) => {
  const reads = watchSessionReads(page)
  await page.goto("/")
  await expect(signInLink(page)).toBeVisible()
  await expect(accountMenu(page)).toHaveCount(0)
  expect(reads).toEqual(["GET"])
  await signInLink(page).click()
  await expect(page).toHaveURL("/sign-in")
})

test("the header does not call a user signed out when the session cannot be read", async ({
  signedIn: page,
  allowErrors,
}) => {
  allowErrors(/503.*get-session/)
  const json = { code: "SERVICE_UNAVAILABLE", message: "later" }
  await page.route("**/api/auth/get-session*", (route) => route.fulfill({ status: 503, json }))
  const answered = page.waitForResponse("**/api/auth/get-session*")
  await page.goto("/")
  await (await answered).finished()
  await page.getByRole("button", { name: "Sign out Safari on iPhone" }).click()
  await expect(page.getByText("Safari on iPhone is signed out.")).toBeVisible()
  await expect(signInLink(page)).toHaveCount(0)
})

test("nothing moves when it becomes known who is signed in", async ({ signedIn: page }) => {
  await page.addInitScript(() => {
    let shift = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += (entry as unknown as { value: number }).value
      Object.assign(window, { shift })
    }).observe({ type: "layout-shift", buffered: true })
    Object.assign(window, { shift })
  })
  const shift = () => page.evaluate(() => (window as unknown as { shift: number }).shift)
  for (const path of ["/", "/dashboard", "/settings/profile", "/settings/security"]) {
    await page.goto(path)
    await expect(accountMenu(page)).toBeVisible()
    await page.waitForLoadState("networkidle")
    expect([path, (await shift()) < 0.01]).toEqual([path, true])
  }
  await page.context().clearCookies()
  await page.goto("/")
  await expect(signInLink(page)).toBeVisible()
  await page.waitForLoadState("networkidle")
  expect(await shift()).toBeLessThan(0.01)
})

test("the session leaves nothing where scripts or the next user find it", async ({
  signedIn: page,
  user,
}) => {
  for (const path of ["/", "/dashboard", "/settings/profile", "/settings/security"]) {
    await page.goto(path)
    await expect(accountMenu(page)).toBeVisible()
    const stored = await page.evaluate(async () =>
      JSON.stringify({
        local: { ...localStorage },
        session: { ...sessionStorage },
        databases: await indexedDB.databases(),
        caches: await caches.keys(),
        cookies: document.cookie,
      }),
    )
    const { user: me, session } = await (await page.request.get("/api/auth/get-session")).json()
    for (const secret of [user.name, user.email, me.id, session.id]) {
      expect(stored).not.toContain(secret)
    }
  }
})
