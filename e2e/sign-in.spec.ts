/** Signing in, for how long, and where it leads. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { type Account, signIn } from "./support/account"
import { listSessions } from "./support/http"

async function submit(page: Page, { email, password }: Account) {
  await page.getByRole("textbox", { name: "Email" }).fill(email)
  await page.getByRole("textbox", { name: "Password" }).fill(password)
  await page.getByRole("button", { name: "Sign in" }).click()
}

const sessionCookies = async (page: Page) =>
  (await page.context().cookies()).filter(({ name }) => name.includes("session"))

test("a wrong password is said, keeps what was typed, and the right one then works", async ({
  page,
  user,
  allowErrors,
}) => {
  allowErrors(/status of 401 .*sign-in\/email/)
  await page.goto("/sign-in")
  await submit(page, { ...user, password: "not my password" })
  await expect(page.getByRole("alert").filter({ hasText: "is not right" })).toBeVisible()
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(user.email)
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveValue("not my password")
  expect(await sessionCookies(page)).toEqual([])

  await submit(page, user)
  await expect(page).toHaveURL("/dashboard")
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${user.name}`)
})

test("an unknown address gets the same answer as a wrong password", async ({
  page,
  stranger,
  user,
  allowErrors,
}) => {
  allowErrors(/status of 401 .*sign-in\/email/)
  await page.goto("/sign-in")
  await submit(page, stranger)
  const alert = page.getByRole("alert").filter({ hasText: "is not right" })
  await expect(alert).toBeVisible()
  const answer = await alert.textContent()
  await page.reload()
  await submit(page, { ...user, password: "not my password" })
  await expect(alert).toHaveText(answer ?? "")
})

test("a remembered session outlives the browser", async ({ page, user }) => {
  await page.goto("/sign-in")
  await expect(page.getByRole("checkbox", { name: "Remember me" })).toBeChecked()
  await submit(page, user)
  await expect(page).toHaveURL("/dashboard")
  const cookies = await sessionCookies(page)
  const token = cookies.find(({ name }) => name.endsWith("session_token"))
  expect(token?.expires).toBeGreaterThan(Date.now() / 1000 + 24 * 60 * 60)
  for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" })
})

test("a session that is not remembered gets cookies that end with the browser", async ({
  page,
  user,
}) => {
  await page.goto("/sign-in")
  await page.getByRole("checkbox", { name: "Remember me" }).uncheck()
  const answered = page.waitForResponse("**/api/auth/sign-in/email")
  await submit(page, user)
  const headers = await (await answered).headersArray()
  const set = headers.filter(({ name }) => name.toLowerCase() === "set-cookie")
  expect(set.some(({ value }) => value.includes("session_token="))).toBe(true)
  for (const { value } of set) expect(value).not.toMatch(/max-age|expires/i)
  await expect(page).toHaveURL("/dashboard")
  const cookies = await sessionCookies(page)
  expect(cookies.map(({ expires }) => expires)).toEqual(cookies.map(() => -1))
})

test("one comes back to where one was going, with its query", async ({ page, user }) => {
  await page.goto("/settings/security?tab=devices&q=a%2Bb%26c")
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/)
  await submit(page, user)
  await expect(page).toHaveURL("/settings/security?tab=devices&q=a%2Bb%26c")
  await expect(page.getByRole("heading", { name: "Security" })).toBeVisible()
})

for (const target of [
  "https://evil.example/",
  "//evil.example/",
  "/\\evil.example/",
  "/\t/evil.example/",
  "/.//evil.example/",
  "javascript:alert(document.domain)",
]) {
  test(`a callbackUrl of ${JSON.stringify(target)} is ignored`, async ({ page, user }) => {
    await page.goto(`/sign-in?callbackUrl=${encodeURIComponent(target)}`)
    await submit(page, user)
    await expect(page).toHaveURL("/dashboard")
  })
}

test("signing in again in the same browser ends the session it had", async ({ page, user }) => {
  await signIn(page.request, user)
  const [before] = await listSessions(page.request)
  await signIn(page.request, user)
  const after = await listSessions(page.request)
  expect(after).toHaveLength(1)
  expect(after[0]?.id).not.toBe(before?.id)
})
