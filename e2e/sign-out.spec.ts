/** Leaving, and what is left behind: nothing. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { newAccount, signUp } from "./support/account"
import { post } from "./support/http"

test("signing out from the menu ends the session and shows a visitor's page", async ({
  signedIn: page,
  newClient,
}) => {
  await page.goto("/dashboard")
  const cookies = await page.context().cookies()
  await page.getByRole("button", { name: "Account menu" }).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(page).toHaveURL("/")
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible()
  expect(await page.context().cookies()).toEqual([])

  // A copy of the cookies, kept by somebody, is worth nothing.
  const copy = cookies.map(({ name, value }) => `${name}=${value}`).join("; ")
  const thief = await newClient()
  const listed = await thief.get("/api/auth/list-sessions", { headers: { Cookie: copy } })
  expect(listed.status()).toBe(401)

  await page.goto("/dashboard")
  await expect(page).toHaveURL("/sign-in?callbackUrl=%2Fdashboard")
})

test('"Back" after signing out shows nothing private', async ({ signedIn: page, user }) => {
  await page.goto("/dashboard")
  await expect(page.getByText(user.name)).not.toHaveCount(0)
  await page.getByRole("link", { name: "Security" }).click()
  await expect(page.getByRole("heading", { name: "Security" })).toBeVisible()
  await page.getByRole("button", { name: "Account menu" }).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(page).toHaveURL("/")
  for (let step = 0; step < 2; step++) {
    await page.goBack()
    await expect(page).toHaveURL(/\/sign-in/)
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible()
    await expect(page.getByText(user.name)).toHaveCount(0)
    await expect(page.getByText(user.email)).toHaveCount(0)
  }
})

test("neither Back and Forward, nor opening it again, nor the next user brings a user back", async ({
  signedIn: page,
  user,
  newClient,
}) => {
  const next = newAccount()
  await signUp(await newClient(), next)
  const hasNothingOfTheFirst = async (of: Page) => {
    await of.waitForLoadState("networkidle")
    const seen = await of.content()
    for (const text of [user.name, user.email]) expect(seen).not.toContain(text)
  }
  await page.goto("/dashboard")
  await page.getByRole("link", { name: "Security" }).click()
  await expect(page.getByRole("heading", { name: "Security" })).toBeVisible()
  await page.getByRole("button", { name: "Account menu" }).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(page).toHaveURL("/")

  await page.goBack()
  await expect(page).toHaveURL(/\/sign-in/)
  await hasNothingOfTheFirst(page)
  await page.goForward()
  await hasNothingOfTheFirst(page)
  const opened = await page.context().newPage()
  await opened.goto("/settings/security")
  await expect(opened).toHaveURL("/sign-in?callbackUrl=%2Fsettings%2Fsecurity")
  await hasNothingOfTheFirst(opened)

  await opened.getByRole("textbox", { name: "Email" }).fill(next.email)
  await opened.getByLabel("Password", { exact: true }).fill(next.password)
  await opened.getByRole("button", { name: "Sign in" }).click()
  await expect(opened).toHaveURL("/settings/security")
  await expect(opened.getByRole("button", { name: "Account menu" })).toBeVisible()
  await hasNothingOfTheFirst(opened)
  await page.goBack()
  await page.goto("/settings/profile")
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue(next.name)
  await hasNothingOfTheFirst(page)
})

test("signing out twice does no harm", async ({ signedIn: page }) => {
  for (let time = 0; time < 2; time++) {
    const response = await post(page.request, "/sign-out")
    expect(response.status()).toBe(200)
  }
  expect((await page.request.get("/api/me")).status()).toBe(401)
})
