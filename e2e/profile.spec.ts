/** Who one is to the app: name, picture, and reading the session anew. */
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { post } from "./support/http"

const picture = "https://pictures.example/ana.png"
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
)

const accountMenu = (page: Page) => page.getByRole("button", { name: "Account menu" })

test("a new name shows in the header at once, without a reload", async ({ signedIn: page }) => {
  await page.goto("/settings/profile")
  await expect(page.getByRole("heading", { name: "Profile", exact: true })).toBeVisible()
  let documents = 0
  page.on("request", (request) => {
    if (request.isNavigationRequest()) documents++
  })
  await page.getByRole("textbox", { name: "Name" }).fill("Beatriz Costa")
  await page.getByRole("button", { name: "Save changes" }).click()
  await expect(accountMenu(page)).toHaveText("BC")
  await accountMenu(page).click()
  await expect(page.getByText("Beatriz Costa", { exact: true })).toBeVisible()

  await page.getByRole("menuitem", { name: "Dashboard" }).click()
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hello, Beatriz Costa")
  expect(documents).toBe(0)
})

test("a picture's address shows that picture in the header, and none shows initials", async ({
  signedIn: page,
}) => {
  await page.route(picture, (route) => route.fulfill({ body: pixel, contentType: "image/png" }))
  await page.goto("/settings/profile")
  const address = page.getByRole("textbox", { name: "Avatar URL" })
  await address.fill(picture)
  await page.getByRole("button", { name: "Save changes" }).click()
  await expect(page.getByText("Saved", { exact: true })).toBeVisible()
  const image = accountMenu(page).locator("img")
  await expect(image).toHaveAttribute("src", picture)
  const me = await page.request.get("/api/me")
  expect((await me.json()).user.image).toBe(picture)

  await page.reload()
  await expect(address).toHaveValue(picture)
  await address.fill("")
  await page.getByRole("button", { name: "Save changes" }).click()
  await expect(image).toHaveCount(0)
})

test("a name that is too long and a picture that is a script are refused at their fields", async ({
  signedIn: page,
  user,
}) => {
  await page.goto("/settings/profile")
  const name = page.getByRole("textbox", { name: "Name" })
  const address = page.getByRole("textbox", { name: "Avatar URL" })
  await name.fill("n".repeat(101))
  await address.fill("javascript:alert(1)")
  await page.getByRole("button", { name: "Save changes" }).click()
  await expect(name).toHaveAccessibleDescription(/at most 100 characters/)
  await expect(address).toHaveAccessibleDescription(/starts with https/)
  await expect(name).toHaveValue("n".repeat(101))
  const me = await page.request.get("/api/me")
  expect((await me.json()).user).toMatchObject({ name: user.name, image: null })
})

test("what was typed stays when the server cannot save it", async ({
  signedIn: page,
  allowErrors,
}) => {
  allowErrors(/503.*update-user/)
  await page.route("**/api/auth/update-user", (route) =>
    route.fulfill({ status: 503, json: { code: "SERVICE_UNAVAILABLE", message: "later" } }),
  )
  await page.goto("/settings/profile")
  await page.getByRole("textbox", { name: "Name" }).fill("Beatriz Costa")
  await page.getByRole("button", { name: "Save changes" }).click()
  await expect(page.getByRole("alert").filter({ hasText: "unavailable" })).toBeVisible()
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Beatriz Costa")
})

test("a new name is shown before the server has answered, and taken back when it refuses", async ({
  signedIn: page,
  allowErrors,
}) => {
  allowErrors(/503.*update-user/)
  await page.goto("/settings/profile")
  const before = (await accountMenu(page).textContent()) ?? ""
  let refuse = () => {}
  const asked = new Promise<void>((resolve) => {
    void page.route("**/api/auth/update-user", async (route) => {
      resolve()
      await new Promise<void>((go) => {
        refuse = go
      })
      await route.fulfill({ status: 503, json: { code: "SERVICE_UNAVAILABLE", message: "later" } })
    })
  })
  await page.getByRole("textbox", { name: "Name" }).fill("Beatriz Costa")
  await page.getByRole("button", { name: "Save changes" }).click()
  await asked
  await expect(accountMenu(page)).toHaveText("BC")
  refuse()
  await expect(page.getByRole("alert").filter({ hasText: "unavailable" })).toBeVisible()
  await expect(accountMenu(page)).toHaveText(before)
})

test('"Refresh session" brings a name that was changed on another device', async ({
  signedIn: page,
  secondBrowser,
}) => {
  await page.goto("/settings/profile")
  await expect(accountMenu(page)).not.toHaveText("BC")
  const elsewhere = await secondBrowser()
  const changed = await post(elsewhere.request, "/update-user", { name: "Beatriz Costa" })
  expect(changed.status()).toBe(200)

  await page.getByRole("button", { name: "Refresh session" }).click()
  await expect(page.getByRole("status").filter({ hasText: "Refreshed at" })).toBeVisible()
  await expect(accountMenu(page)).toHaveText("BC")
})
