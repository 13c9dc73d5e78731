/** Signing out, here and elsewhere, in a browser that runs no script: plain forms, the same checks. */
import type { APIResponse, Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { listSessions, origin, post } from "./support/http"
import { chromeOnMac, firefoxOnWindows, safariOnIphone } from "./support/user-agents"

test.use({ javaScriptEnabled: false, userAgent: chromeOnMac.userAgent })

test.beforeEach(({ allowErrors }) => {
  // How the browser says that it does not load the page's scripts.
  allowErrors(/^csp: .*\.js$/)
})

const devices = (page: Page) =>
  page.getByRole("region", { name: "Active sessions" }).getByRole("listitem")

/** What the page that follows a form is going to say. */
const outcomeOf = (response: APIResponse) =>
  /form-outcome=(\w+)/.exec(response.headers()["set-cookie"] ?? "")?.[1]

async function expectEnded(page: Page) {
  expect((await page.request.get("/api/auth/list-sessions")).status()).toBe(401)
}

test("a device is signed out from the list", async ({ signedIn: page, secondBrowser }) => {
  const second = await secondBrowser(firefoxOnWindows.userAgent)
  await page.goto("/settings/security")
  await page.getByRole("button", { name: `Sign out ${firefoxOnWindows.label}` }).click()
  await expect(page).toHaveURL("/settings/security")
  await expect(page.getByText("The device was signed out.")).toBeVisible()
  await expect(devices(page)).toHaveCount(1)
  await expectEnded(second)
  expect(await listSessions(page.request)).toHaveLength(1)
})

test("all other devices are signed out, after a question", async ({
  signedIn: page,
  secondBrowser,
}) => {
  const others = [
    await secondBrowser(firefoxOnWindows.userAgent),
    await secondBrowser(safariOnIphone.userAgent),
  ]
  await page.goto("/settings/security")
  await page.getByRole("button", { name: "Sign out of all other devices" }).click()
  await expect(page).toHaveURL("/settings/security?confirm=others")
  const question = page.getByRole("status").filter({ hasText: "Sign out of 2 other devices?" })
  await expect(question).toContainText(firefoxOnWindows.label)
  await expect(question).toContainText(safariOnIphone.label)
  expect(await listSessions(page.request)).toHaveLength(3)
  await page.getByRole("button", { name: "Sign out", exact: true }).click()
  await expect(page.getByText("All other devices were signed out.")).toBeVisible()
  await expect(devices(page)).toHaveCount(1)
  for (const other of others) await expectEnded(other)
})

test("this device is signed out from the menu", async ({ signedIn: page, user }) => {
  await page.goto("/dashboard")
  await page.getByRole("button", { name: "Account menu" }).click()
  await expect(page.getByText(user.email)).toBeVisible()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(page).toHaveURL("/")
  expect(await page.context().cookies()).toEqual([])
  await page.goto("/dashboard")
  await expect(page).toHaveURL("/sign-in?callbackUrl=%2Fdashboard")
})

test("the same checks hold: another site, another type, another user's device, none at all", async ({
  signedIn: page,
  secondBrowser,
  newClient,
}) => {
  await secondBrowser()
  const other = (await listSessions(page.request)).find(({ current }) => !current)
  const id = other?.id ?? ""
  const send = (headers: Record<string, string>, form = { id }) =>
    page.request.post("/api/forms/revoke-session", { form, headers, maxRedirects: 0 })

  const foreign = await send({ Origin: "https://evil.example" })
  expect([foreign.status(), foreign.headers().location]).toEqual([303, "/settings/security"])
  expect(outcomeOf(foreign)).toBe("403")
  const json = await page.request.post("/api/forms/revoke-session", {
    data: { id },
    headers: { Origin: origin },
  })
  expect(json.status()).toBe(415)
  expect((await page.request.get("/api/forms/revoke-session")).status()).toBe(405)
  const unknown = await page.request.post("/api/forms/nothing", {
    form: {},
    headers: { Origin: origin },
  })
  expect(unknown.status()).toBe(404)
  const visitor = await (await newClient()).post("/api/forms/revoke-session", {
    form: { id },
    headers: { Origin: origin },
    maxRedirects: 0,
  })
  expect(visitor.headers().location).toMatch(/^\/sign-in\?.*reason=signed-out$/)
  expect(await listSessions(page.request)).toHaveLength(2)

  // What a link says is not believed; what the server has just answered is.
  await page.context().clearCookies({ name: "form-outcome" })
  await page.goto("/settings/security?done=others&problem=403")
  await expect(page.getByText("did not work")).toHaveCount(0)
  await expect(page.getByText("were signed out")).toHaveCount(0)
  await send({ Origin: "https://evil.example" })
  await page.goto("/settings/security")
  await expect(page.getByRole("alert").first()).toContainText("did not work")
  expect(outcomeOf(await send({ Origin: origin }))).toBe("device")
  expect(await listSessions(page.request)).toHaveLength(1)
})

test("the same limits hold, counted together with the endpoint's", async ({ signedIn: page }) => {
  const headers = { Origin: origin }
  const tries = Array.from({ length: 120 }, (_, index) =>
    index % 2 === 0
      ? page.request.post("/api/forms/revoke-session", {
          form: { id: "none" },
          headers,
          maxRedirects: 0,
        })
      : post(page.request, "/revoke-session", { id: "none" }),
  )
  const answers = await Promise.all(tries)
  const refused = answers.filter((answer) => answer.status() === 429 || outcomeOf(answer) === "429")
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(60)
})
