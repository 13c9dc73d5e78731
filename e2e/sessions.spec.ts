/** Seeing one's devices and ending them, from the settings page and over HTTP. */
import type { Page } from "@playwright/test"
import postgres from "postgres"
import { expect, expectAccessible, test } from "./fixtures"
import { newAccount, signUp } from "./support/account"
import { listSessions, post } from "./support/http"
import { chromeOnMac, firefoxOnWindows, safariOnIphone } from "./support/user-agents"

test.use({ userAgent: chromeOnMac.userAgent })

const rows = (page: Page) =>
  page.getByRole("region", { name: "Active sessions" }).getByRole("listitem")
const row = (page: Page, label: string) => rows(page).filter({ hasText: label })
const signOutOthers = (page: Page) =>
  page.getByRole("button", { name: "Sign out of all other devices" })

/** Answers that are decided on the database, whatever a browser's cookies still say. */
async function expectEnded(page: Page) {
  const listed = await page.request.get("/api/auth/list-sessions")
  const changed = await post(page.request, "/update-user", { name: "Still here" })
  expect([listed.status(), changed.status()]).toEqual([401, 401])
}

test("two browsers see both devices, each itself as this one", async ({
  signedIn,
  secondBrowser,
}) => {
  const second = await secondBrowser(firefoxOnWindows.userAgent)
  for (const [page, own, other] of [
    [signedIn, chromeOnMac.label, firefoxOnWindows.label],
    [second, firefoxOnWindows.label, chromeOnMac.label],
  ] as const) {
    await page.goto("/settings/security")
    await expect(page.getByRole("heading", { name: "Security" })).toBeVisible()
    await expect(rows(page)).toHaveCount(2)
    await expect(rows(page).first()).toContainText(own)
    await expect(row(page, own)).toContainText("This device")
    await expect(row(page, own)).toContainText("password")
    await expect(row(page, other)).not.toContainText("This device")
    await expect(page.getByRole("button", { name: `Sign out ${other}` })).toBeVisible()
    await expect(page.getByRole("button", { name: `Sign out ${own}` })).toHaveCount(0)
  }
})

test("signing a device out ends its session at once", async ({ signedIn: page, secondBrowser }) => {
  const second = await secondBrowser(safariOnIphone.userAgent)
  await second.goto("/dashboard")
  await page.goto("/settings/security")
  await page.getByRole("button", { name: `Sign out ${safariOnIphone.label}` }).click()
  await expect(page.getByText(`Signed out ${safariOnIphone.label}`)).toBeVisible()
  await expect(rows(page)).toHaveCount(1)
  await expectEnded(second)
  await page.reload()
  await expect(rows(page)).toHaveCount(1)
  expect(await listSessions(page.request)).toHaveLength(1)
})

test("a tab whose session was ended elsewhere lands on the sign-in form, which says so", async ({
  signedIn,
  secondBrowser,
  allowErrors,
}) => {
  allowErrors(/status of 401/)
  const second = await secondBrowser(firefoxOnWindows.userAgent)
  await second.goto("/settings/profile")
  await post(signedIn.request, "/revoke-other-sessions")
  await second.getByRole("textbox", { name: "Name" }).fill("Still here")
  await second.getByRole("button", { name: "Save changes" }).click()
  await expect(second).toHaveURL(/\/sign-in/)
  await expect(second.getByText("You were signed out")).toBeVisible()
  await expect(second.getByRole("button", { name: "Sign in" })).toBeEnabled()
  await second.goto("/dashboard")
  await expect(second).toHaveURL(/\/sign-in/)
})

test("a tab whose session was ended elsewhere leaves at once when it is looked at again", async ({
  signedIn,
  secondBrowser,
}) => {
  const second = await secondBrowser(firefoxOnWindows.userAgent)
  await second.goto("/dashboard?x=1")
  await expect(second.getByRole("button", { name: "Read it again" })).toBeEnabled()
  await post(signedIn.request, "/revoke-other-sessions")
  const isOut = async () => (await second.request.get("/api/me")).status() === 401
  await expect.poll(isOut, { timeout: 3_000 }).toBe(true)
  await second.evaluate(() => window.dispatchEvent(new Event("focus")))
  // Nothing of the account stays on the screen while the next page is on its way.
  await expect(second.getByRole("button", { name: "Account menu" })).toBeHidden({ timeout: 1_000 })
  await expect(second).toHaveURL("/sign-in?callbackUrl=%2Fdashboard%3Fx%3D1&reason=signed-out")
  await expect(second.getByText("You were signed out")).toBeVisible()
})

test("a device can be named, and the name stays", async ({ signedIn: page, secondBrowser }) => {
  await secondBrowser(firefoxOnWindows.userAgent)
  await page.goto("/settings/security")
  const office = row(page, firefoxOnWindows.label)
  await office.getByRole("button", { name: `Rename ${firefoxOnWindows.label}` }).click()
  const name = page.getByRole("textbox", { name: `Name for ${firefoxOnWindows.label}` })
  await name.fill("Office computer")
  const saved = page.waitForResponse("**/api/auth/rename-session")
  await name.press("Enter")
  await expect(office).toContainText("Office computer")
  expect((await saved).status()).toBe(200)
  await page.reload()
  await expect(office).toContainText("Office computer")
})

test('"Sign out of all other devices" asks first and then leaves this one', async ({
  signedIn: page,
  secondBrowser,
}) => {
  await page.goto("/settings/security")
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByRole("button", { name: /^Rename/ })).toBeEnabled()
  await expect(signOutOthers(page)).toBeDisabled()

  const others = [
    await secondBrowser(firefoxOnWindows.userAgent),
    await secondBrowser(safariOnIphone.userAgent),
  ]
  await page.reload()
  await signOutOthers(page).click()
  const dialog = page.getByRole("dialog")
  await expect(dialog).toContainText(firefoxOnWindows.label)
  await expect(dialog).toContainText(safariOnIphone.label)
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await expect(dialog).toBeHidden()
  expect(await listSessions(page.request)).toHaveLength(3)

  await signOutOthers(page).click()
  await dialog.getByRole("button", { name: "Sign out", exact: true }).click()
  await expect(rows(page)).toHaveCount(1)
  await expect(signOutOthers(page)).toBeDisabled()
  await expect.poll(() => listSessions(page.request)).toHaveLength(1)
  for (const other of others) await expectEnded(other)
})

test("revoke-session also takes the id under the name older examples use", async ({
  signedIn,
  secondBrowser,
}) => {
  const second = await secondBrowser()
  const { session } = await (await second.request.get("/api/auth/get-session")).json()
  const response = await post(signedIn.request, "/revoke-session", { token: session.id })
  expect([response.status(), await response.json()]).toEqual([200, { status: true }])
  await expectEnded(second)
})

test("a session that is not one's own, or none at all, is not found and lives on", async ({
  signedIn,
  newClient,
}) => {
  const neighbour = await newClient()
  await signUp(neighbour, newAccount())
  const [theirs] = await listSessions(neighbour)
  for (const id of [theirs?.id, "no-such-session", ""]) {
    for (const [path, body] of [
      ["/revoke-session", { id }],
      ["/revoke-session", { token: id }],
      ["/rename-session", { id, name: "Mine now" }],
    ] as const) {
      const response = await post(signedIn.request, path, body)
      expect(response.status()).toBe(404)
      expect(await response.json()).toMatchObject({ code: "SESSION_NOT_FOUND" })
    }
  }
  expect(await listSessions(neighbour)).toEqual([theirs])
  expect(await listSessions(signedIn.request)).toHaveLength(1)
})

// Two hundred sign-ins would take a minute; only a Postgres can be written to beside the server.
const databaseUrl = process.env.DATABASE_URL
if (databaseUrl) {
  test("two hundred devices are listed, and one of them signed out, without a wait", async ({
    signedIn: page,
    user,
  }) => {
    const sql = postgres(databaseUrl, { max: 1 })
    await sql`
      insert into session (id, token, user_id, expires_at, user_agent, last_active_at)
      select 'many-' || n || '-' || u.id, gen_random_uuid(), u.id, now() + interval '1 day',
        ${firefoxOnWindows.userAgent}, now() - n * interval '1 hour'
      from generate_series(1, 199) n, "user" u where u.email = ${user.email}`
    await sql.end()
    await page.goto("/settings/security")
    await expect(rows(page)).toHaveCount(200)
    await expect(page.getByText("200 devices")).toBeVisible()
    await expect(rows(page).first()).toContainText("This device")
    await expectAccessible(page)
    const last = page.getByRole("button", { name: `Sign out ${firefoxOnWindows.label}` }).last()
    await last.scrollIntoViewIfNeeded()
    const since = Date.now()
    await last.click()
    await expect(page.getByText("199 devices")).toBeVisible()
    console.warn(`one of 200 devices left the list after ${Date.now() - since} ms`)
    await expect(rows(page)).toHaveCount(199)
    const announced = page.locator('[aria-live="polite"]').filter({ hasText: "Signed out" })
    await expect(announced).toContainText(`Signed out ${firefoxOnWindows.label}`)
  })
}
