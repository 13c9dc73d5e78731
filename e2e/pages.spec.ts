/** Every page in both themes, on a phone and on a desktop: no error, accessible, nothing cut off. */
import type { Page } from "@playwright/test"
import { expect, expectAccessible, test } from "./fixtures"
import { firefoxOnWindows, safariOnIphone } from "./support/user-agents"

const publicPages = [
  ["/", "Sessions your users can see and end"],
  ["/sign-in", "Sign in"],
  ["/sign-in?reason=signed-out", "Sign in"],
  ["/sign-up", "Create an account"],
  ["/forgot-password", "Forgot your password?"],
  ["/reset-password?token=none", "Set a new password"],
  ["/reset-password?error=INVALID_TOKEN", "This link does not work any more"],
  ["/verify-email", "Verify your email address"],
  ["/verify-email?verified=1", "Your email address is verified"],
  ["/verify-email?error=TOKEN_EXPIRED", "This link has expired"],
  ["/no-such-page", "Page not found"],
] as const

const privatePages = [
  ["/", "Sessions your users can see and end"],
  ["/dashboard", /^Hello, /],
  ["/settings/profile", "Profile"],
  ["/settings/security", "Security"],
  ["/settings/security/activity", "Activity"],
  ["/settings/no-such-page", "Page not found"],
] as const

/** Looks at one page in all four ways. */
async function look(page: Page, path: string, heading: string | RegExp) {
  for (const width of [390, 1280]) {
    for (const colorScheme of ["light", "dark"] as const) {
      await test.step(`${colorScheme}, ${width} px`, async () => {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
        await page.goto(path)
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading)
        await expect(page).toHaveTitle(path === "/" ? /^[^·]+$/ : /^[^·]+ · [^·]+$/)
        await expect(page.locator("html")).toContainClass(colorScheme)
        const room = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement
          return clientWidth - scrollWidth
        })
        expect(room, "room left before it scrolls sideways").toBeGreaterThanOrEqual(0)
        await expectAccessible(page)
      })
    }
  }
}

for (const [path, heading] of publicPages) {
  test(`${path} is sound for a visitor`, async ({ page, allowErrors }) => {
    if (path === "/no-such-page") allowErrors(/status of 404 .*no-such-page/)
    await look(page, path, heading)
  })
}

for (const [path, heading] of privatePages) {
  test(`${path} is sound for a user`, async ({ signedIn, secondBrowser, allowErrors }) => {
    if (path.endsWith("/no-such-page")) allowErrors(/status of 404 .*no-such-page/)
    await secondBrowser(firefoxOnWindows.userAgent)
    await secondBrowser(safariOnIphone.userAgent)
    await look(signedIn, path, heading)
  })
}

test("the open menus and the dialog are sound", async ({ signedIn: page, secondBrowser }) => {
  await secondBrowser(firefoxOnWindows.userAgent)
  await page.goto("/settings/security")
  await page.getByRole("button", { name: "Account menu" }).click()
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: "Theme" }).click()
  await page.getByRole("menuitemradio", { name: "Dark" }).click()
  await expect(page.locator("html")).toContainClass("dark")
  await page.getByRole("button", { name: "Sign out of all other devices" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press("Escape")
  await expect(page.getByRole("dialog")).toBeHidden()
  await page.reload()
  await expect(page.locator("html"), "the choice is remembered").toContainClass("dark")
})
