/** What users see of their account's activity: each act in its words, newest first, by part and by page. */
import type { APIRequestContext, Page } from "@playwright/test"
import { expect, expectAccessible, test } from "./fixtures"
import { type Account, signIn } from "./support/account"
import { listSessions, post } from "./support/http"
import { chromeOnMac, firefoxOnWindows, safariOnIphone } from "./support/user-agents"

test.use({ userAgent: chromeOnMac.userAgent })

const activity = "/settings/security/activity"

const events = (page: Page) => page.getByRole("region", { name: "Events" }).getByRole("listitem")
const recent = (page: Page) =>
  page.getByRole("region", { name: "Recent activity" }).getByRole("listitem")
const ended = (page: Page) => page.getByRole("region", { name: "Ended sessions" })
const filter = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Filter" }).getByRole("link", { name })

/** The newest events are these, in this order. */
async function expectNewest(rows: ReturnType<typeof events>, told: string[][]) {
  for (const [index, texts] of told.entries()) {
    for (const text of texts) await expect(rows.nth(index)).toContainText(text)
  }
}

/** Enters a wrong password; noted after the answer, so `expectGuess` waits for it. */
async function guess(client: APIRequestContext, { email }: Account) {
  const answer = await post(client, "/sign-in/email", { email, password: "not this one" })
  expect(answer.status()).toBe(401)
}

/** Waits until the newest event is that a wrong password was entered, and opens the page on it. */
async function expectGuess(page: Page) {
  await expect(async () => {
    await page.goto(activity)
    await expect(events(page).first()).toContainText("wrong password", { timeout: 1_000 })
  }).toPass()
}

/** A moment per event, to know them by. */
const moments = (page: Page) =>
  events(page)
    .locator("time")
    .evaluateAll((times) => times.map((time) => time.getAttribute("datetime") ?? ""))

test("each act is told in its words, newest first, and again on the security page", async ({
  signedIn: page,
  secondBrowser,
  newClient,
  user,
}) => {
  await secondBrowser(firefoxOnWindows.userAgent)
  await guess(await newClient(), user)
  await expectGuess(page)
  await expect(events(page).nth(2)).toContainText("Current session")
  const sessions = await listSessions(page.request)
  const firefox = sessions.find(({ device }) => device.label === firefoxOnWindows.label)
  await post(page.request, "/revoke-session", { id: firefox?.id })
  const phone = await secondBrowser(safariOnIphone.userAgent)
  await post(phone.request, "/sign-out")
  const changed = await post(page.request, "/change-password", {
    currentPassword: user.password,
    newPassword: `${user.password} anew`,
  })
  expect(changed.status()).toBe(200)

  const told = [
    ["Changed the password", chromeOnMac.label],
    ["Signed out", safariOnIphone.label],
    ["Signed in", safariOnIphone.label],
    [`Signed out ${firefoxOnWindows.label}`, chromeOnMac.label],
    ["Someone entered a wrong password"],
    ["Signed in", firefoxOnWindows.label],
    ["Signed in", chromeOnMac.label],
  ]
  await page.goto(activity)
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Activity")
  await expect(page.getByRole("link", { name: "Security", exact: true })).toHaveAttribute(
    "aria-current",
    "page",
  )
  await expectNewest(events(page), told)
  await expect(events(page).last()).toContainText("Created the account")

  await page.getByRole("link", { name: "Back to Security" }).click()
  await expect(recent(page)).toHaveCount(5)
  await expectNewest(recent(page), told.slice(0, 5))
  await ended(page).getByText("Ended sessions").click()
  await expectNewest(ended(page).getByRole("listitem"), [
    [safariOnIphone.label, "Signed out on the device itself"],
    [firefoxOnWindows.label, "Signed out by you from the list of devices"],
  ])
  await page.getByRole("link", { name: "All activity" }).click()
  await expect(page).toHaveURL(activity)
})

test("a wrong password makes the page suggest another one, until there is one", async ({
  signedIn: page,
  newClient,
  user,
}) => {
  const suggestion = page.getByRole("link", { name: "Change your password" })
  await page.goto(activity)
  await expect(events(page).first()).toBeVisible()
  await expect(suggestion).toHaveCount(0)
  await guess(await newClient(), user)
  await expectGuess(page)
  await suggestion.click()
  await expect(page).toHaveURL("/settings/security#password")
  await page.getByLabel("Current password").fill(user.password)
  await page.getByLabel("New password").fill(`${user.password} anew`)
  await page.getByRole("button", { name: "Change password" }).click()
  await expect(page.getByText("Password changed")).toBeVisible()
  await page.goto(activity)
  await expect(filter(page, "All")).toHaveAttribute("aria-current", "page")
  await expect(events(page).filter({ hasText: "Changed the password" })).toHaveCount(1)
  await expect(suggestion).toHaveCount(0)
})

test("another user's events are nowhere, whatever the address says", async ({
  signedIn: page,
  secondBrowser,
  browser,
  newClient,
}) => {
  await secondBrowser()
  await page.goto(activity)
  const mine = await events(page).count()
  const neighbour = await newClient()
  const id = `${Date.now()}@example.com`
  await post(neighbour, "/sign-up/email", { name: "Bo", email: id, password: "a few more words" })
  for (const query of [
    "",
    "?after=0",
    `?before=${Number.MAX_SAFE_INTEGER}`,
    "?show=nothing&before=x",
  ]) {
    await page.goto(`${activity}${query}`)
    await expect(events(page)).toHaveCount(mine)
  }
  const stranger = await browser.newPage()
  await stranger.goto(activity)
  await expect(stranger).toHaveURL(/\/sign-in\?callbackUrl=%2Fsettings%2Fsecurity%2Factivity/)
  await stranger.close()
})

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false })

  test("filters, pages and times work", async ({
    signedIn: page,
    newClient,
    user,
    allowErrors,
  }) => {
    // How the browser notes the scripts that it does not load.
    allowErrors(/^csp: .*\.js$/)
    await page.goto(activity)
    const beforeThem = await events(page).count()
    // Three from each address are let through, and tell of 27 wrong passwords.
    for (let address = 0; address < 9; address++) {
      const client = await newClient()
      for (let attempt = 0; attempt < 3; attempt++) await guess(client, user)
    }
    // With the oldest 25 behind it, the last of them is on the page that comes after.
    await expect(async () => {
      await page.goto(`${activity}?after=0`)
      await page.getByRole("link", { name: "Newer" }).click({ timeout: 1_000 })
      await expect(events(page)).toHaveCount(27 + beforeThem - 25, { timeout: 1_000 })
    }).toPass()

    await page.goto(activity)
    await expect(events(page)).toHaveCount(25)
    const first = await moments(page)
    // Arrives while the first page is being read, and moves nothing.
    await signIn(await newClient(), user)
    await page.getByRole("link", { name: "Older" }).click()
    await expect(events(page).last()).toContainText("Created the account")
    await expect(page.getByRole("link", { name: "Older" })).toHaveCount(0)
    const second = await moments(page)
    expect(new Set([...first, ...second]).size).toBe(first.length + second.length)
    expect([...first, ...second]).toEqual([...first, ...second].sort().reverse())
    await page.getByRole("link", { name: "Newer" }).click()
    expect(await moments(page)).toEqual(first)
    await page.getByRole("link", { name: "Newer" }).click()
    await expect(events(page)).toHaveCount(1)
    await expect(events(page)).toContainText("Signed in")
    await expect(events(page).locator("time")).toHaveAttribute("title", / UTC$/)

    await filter(page, "Sign-outs").click()
    await expect(filter(page, "Sign-outs")).toHaveAttribute("aria-current", "page")
    await expect(events(page).first()).toContainText("Signed out")
    await expect(events(page).filter({ hasNotText: "Signed out" })).toHaveCount(0)
    await filter(page, "Account").click()
    await expect(events(page)).toHaveCount(0)
    await expect(page.getByText("Neither the password nor")).toBeVisible()
    await filter(page, "Sign-ins").click()
    await expect(events(page)).toHaveCount(25)
    await expect(events(page).filter({ hasText: "Signed out" })).toHaveCount(0)
  })
})

for (const width of [390, 1280]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`is accessible and nothing is cut off: ${colorScheme}, ${width} px`, async ({
      signedIn: page,
      secondBrowser,
      newClient,
      user,
    }) => {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
      await secondBrowser(safariOnIphone.userAgent)
      await guess(await newClient(), user)
      await expectGuess(page)
      await post(page.request, "/revoke-other-sessions")
      for (const path of [activity, "/settings/security"]) {
        await page.goto(path)
        if (path !== activity) await ended(page).getByText("Ended sessions").click()
        await expect(page.getByText(`Signed out ${safariOnIphone.label}`)).toBeVisible()
        const room = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement
          return clientWidth - scrollWidth
        })
        expect(room, "room left before it scrolls sideways").toBeGreaterThanOrEqual(0)
        await expectAccessible(page)
      }
    })
  }
}
