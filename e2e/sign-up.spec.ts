/** From stranger to dashboard. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import type { Account } from "./support/account"

async function submit(page: Page, { name, email, password }: Account) {
  await page.getByRole("textbox", { name: "Name" }).fill(name)
  await page.getByRole("textbox", { name: "Email" }).fill(email)
  await page.getByRole("textbox", { name: "Password" }).fill(password)
  await page.getByRole("button", { name: "Create account" }).click()
}

test("a new account lands on the dashboard, which greets it by name", async ({
  page,
  stranger,
}) => {
  await page.goto("/sign-up")
  await submit(page, stranger)
  await expect(page).toHaveURL("/dashboard")
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${stranger.name}`)
  await page.reload()
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${stranger.name}`)
})

test("a new account goes where it was going", async ({ page, stranger }) => {
  await page.goto("/settings/security?from=mail")
  await page.getByRole("link", { name: "Create an account" }).click()
  await submit(page, stranger)
  await expect(page).toHaveURL("/settings/security?from=mail")
})

test("what was typed stays when the address has an account", async ({
  page,
  user,
  stranger,
  allowErrors,
}) => {
  allowErrors(/status of 422 .*sign-up\/email/)
  await page.goto("/sign-up")
  await submit(page, { ...stranger, email: user.email })
  await expect(page.getByRole("alert").filter({ hasText: "already has an account" })).toBeVisible()
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue(stranger.name)
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(user.email)
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveValue(stranger.password)
  await expect(page).toHaveURL("/sign-up")
})

test("bad input is refused at its field, before anything is sent", async ({ page }) => {
  const sent: string[] = []
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()))
  await page.goto("/sign-up")
  await submit(page, { name: " ", email: "ana@", password: "1234567" })

  const name = page.getByRole("textbox", { name: "Name" })
  await expect(name).toHaveAccessibleDescription(/Enter your name/)
  await expect(name).toBeFocused()
  const email = page.getByRole("textbox", { name: "Email" })
  await expect(email).toHaveAccessibleDescription(/Enter an email address/)
  const password = page.getByRole("textbox", { name: "Password" })
  await expect(password).toHaveAccessibleDescription(/at least 8 characters/)
  await expect(password).toHaveAttribute("aria-invalid", "true")
  expect(sent).toEqual([])
})
