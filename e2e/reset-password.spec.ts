/** A forgotten password: through the mail to a new one, and everything the old one opened ends. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { post, summaryOf } from "./support/http"
import { linkInMail, mailsTo } from "./support/inbox"

const subject = "Reset your password"
const newPassword = "some other words"

async function askForLink(page: Page, email: string) {
  await page.goto("/forgot-password")
  await page.getByRole("textbox", { name: "Email" }).fill(email)
  await page.getByRole("button", { name: "Send the link" }).click()
  await expect(page.getByRole("heading", { name: "Check your inbox" })).toBeVisible()
}

test("the link in the mail sets a new password and ends every session, once", async ({
  page,
  user,
  secondBrowser,
  newClient,
  allowErrors,
}) => {
  const elsewhere = await secondBrowser()
  await page.goto("/sign-in")
  await page.getByRole("link", { name: "Forgot password?" }).click()
  await expect(page).toHaveURL("/forgot-password")
  await askForLink(page, user.email)
  const link = await linkInMail(user.email, subject)

  await page.goto(link)
  const field = page.getByRole("textbox", { name: "New password" })
  await field.fill("short")
  await page.getByRole("button", { name: "Set new password" }).click()
  await expect(field).toHaveAccessibleDescription(/at least 8 characters/i)
  const token = new URL(page.url()).searchParams.get("token")
  await field.fill(newPassword)
  await page.getByRole("button", { name: "Set new password" }).click()
  await expect(page).toHaveURL("/sign-in?reset=1")
  await expect(page.getByText("Your password is changed")).toBeVisible()

  expect((await elsewhere.request.get("/api/auth/list-sessions")).status()).toBe(401)
  const { email, password } = user
  const old = await post(await newClient(), "/sign-in/email", { email, password })
  expect(old.status()).toBe(401)

  const again = await post(await newClient(), "/reset-password", {
    token,
    newPassword: "a third one",
  })
  expect(again.status()).toBe(400)
  expect(await again.json()).toMatchObject({ code: "INVALID_TOKEN" })
  allowErrors(/status of 400/)
  await page.goto(link)
  await expect(
    page.getByRole("heading", { name: "This link does not work any more" }),
  ).toBeVisible()

  await page.goto("/sign-in")
  await page.getByRole("textbox", { name: "Email" }).fill(email)
  await page.getByRole("textbox", { name: "Password" }).fill(newPassword)
  await page.getByRole("button", { name: "Sign in" }).click()
  await expect(page).toHaveURL("/dashboard")
})

test("an unknown address gets the same answer as a known one, and no mail", async ({
  page,
  user,
  stranger,
  newClient,
}) => {
  const answers: string[] = []
  for (const { email } of [stranger, user]) {
    const body = { email, redirectTo: "/reset-password" }
    answers.push(await summaryOf(await post(await newClient(), "/request-password-reset", body)))
  }
  expect(answers[0]).toBe(answers[1])
  await askForLink(page, stranger.email)
  await expect(page.getByText(`If there is an account with ${stranger.email}`)).toBeVisible()
  await linkInMail(user.email, subject)
  expect(await mailsTo(stranger.email)).toEqual([])
})

test("a mail leads back to this app's own address, whatever Host was asked for", async ({
  user,
  newClient,
  baseURL,
}) => {
  const body = { email: user.email, redirectTo: "/reset-password" }
  const headers = { "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" }
  await post(await newClient(), "/request-password-reset", body, headers)
  expect(new URL(await linkInMail(user.email, subject)).origin).toBe(baseURL)
})

test("a link may not lead to another origin", async ({ user, newClient }) => {
  const body = { email: user.email, redirectTo: "https://evil.example/reset" }
  const response = await post(await newClient(), "/request-password-reset", body)
  expect(response.status()).toBe(403)
  expect(await mailsTo(user.email)).not.toContainEqual(expect.objectContaining({ subject }))
})

test("a reset in a signed-in browser ends that session too, and says what happened", async ({
  signedIn: page,
  user,
}) => {
  await askForLink(page, user.email)
  await page.goto(await linkInMail(user.email, subject))
  await page.getByRole("textbox", { name: "New password" }).fill(newPassword)
  await page.getByRole("button", { name: "Set new password" }).click()
  await expect(page).toHaveURL("/sign-in?reset=1")
  await expect(page.getByText("Your password is changed")).toBeVisible()
  expect((await page.request.get("/api/me")).status()).toBe(401)
})
