/** Changing the password from the settings, and what becomes of the sessions it opened. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { listSessions, post } from "./support/http"
import { firefoxOnWindows } from "./support/user-agents"

const newPassword = "some other words"

async function changePassword(page: Page, currentPassword: string) {
  await page.getByRole("textbox", { name: "Current password" }).fill(currentPassword)
  await page.getByRole("textbox", { name: "New password" }).fill(newPassword)
  await page.getByRole("button", { name: "Change password" }).click()
}

test("a new password signs the other devices out and keeps this one as it was", async ({
  signedIn: page,
  secondBrowser,
  newClient,
  user,
}) => {
  const [before] = await listSessions(page.request)
  await post(page.request, "/rename-session", { id: before?.id, name: "My desk" })
  const second = await secondBrowser(firefoxOnWindows.userAgent)
  await page.goto("/settings/security")
  const rows = page.getByRole("region", { name: "Active sessions" }).getByRole("listitem")
  await expect(rows).toHaveCount(2)
  await changePassword(page, user.password)
  await expect(page.getByText("Password changed")).toBeVisible()
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText("My desk")

  expect((await second.request.get("/api/auth/list-sessions")).status()).toBe(401)
  const after = await listSessions(page.request)
  expect(after).toHaveLength(1)
  expect(after[0]).toMatchObject({ current: true, name: "My desk", signInMethod: "password" })
  await page.reload()
  await expect(page.getByRole("heading", { name: "Security" })).toBeVisible()

  const statuses = []
  for (const password of [user.password, newPassword]) {
    const client = await newClient()
    statuses.push((await post(client, "/sign-in/email", { email: user.email, password })).status())
  }
  expect(statuses).toEqual([401, 200])
})

test("other devices stay when one asks for that", async ({ signedIn, secondBrowser, user }) => {
  const second = await secondBrowser(firefoxOnWindows.userAgent)
  await signedIn.goto("/settings/security")
  await signedIn.getByRole("checkbox", { name: "Also sign out other devices" }).uncheck()
  await changePassword(signedIn, user.password)
  await expect(signedIn.getByText("Password changed")).toBeVisible()
  expect(await listSessions(second.request)).toHaveLength(2)
})

test("a wrong current password is said at its field and changes nothing", async ({
  signedIn: page,
  secondBrowser,
  allowErrors,
}) => {
  allowErrors(/status of 400 .*change-password/)
  const second = await secondBrowser(firefoxOnWindows.userAgent)
  await page.goto("/settings/security")
  await changePassword(page, "not my password")
  const current = page.getByRole("textbox", { name: "Current password" })
  await expect(current).toHaveAccessibleDescription(/not your current password/)
  await expect(current).toHaveValue("not my password")
  await expect(page.getByRole("textbox", { name: "New password" })).toHaveValue(newPassword)
  expect(await listSessions(second.request)).toHaveLength(2)
})
