/** The oldest browsers that are supported: nothing newer is used without somebody to stand in for it. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "./fixtures"
import { newerApis, newerStyles, newerSyntax, takeAway } from "./support/browser-floor"
import { safariOnIphone } from "./support/user-agents"

/** What a page of the build may load, less what only browsers without modules do. */
function builtFiles(ending: string): { name: string; text: string }[] {
  const { polyfillFiles } = JSON.parse(readFileSync(".next/build-manifest.json", "utf8")) as {
    polyfillFiles: string[]
  }
  return readdirSync(".next/static", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending) && !polyfillFiles.includes(`static/${name}`))
    .map((name) => ({ name, text: readFileSync(join(".next/static", name), "utf8") }))
}

/** Where one of `uses` is, with what stands around it. */
function found(files: { name: string; text: string }[], uses: RegExp[]): string[] {
  return files.flatMap(({ name, text }) =>
    uses.flatMap((use) => {
      const at = text.search(use)
      return at < 0 ? [] : [`${use} in ${name}: ${text.slice(Math.max(0, at - 80), at + 80)}`]
    }),
  )
}

test("the built scripts use nothing newer", () => {
  const scripts = builtFiles(".js")
  expect(scripts.length).toBeGreaterThan(5)
  const forbidden = newerApis.filter(({ harmless }) => !harmless).flatMap(({ use }) => use ?? [])
  expect(found(scripts, [...forbidden, ...newerSyntax])).toEqual([])
  // An excuse that nothing needs any more would hide the next one.
  for (const { harmless, use } of newerApis) {
    if (harmless && use) expect(found(scripts, [use]), `${use}: ${harmless}`).not.toEqual([])
  }
})

test("the built styles use nothing newer", () => {
  const styles = builtFiles(".css")
  expect(styles.length).toBeGreaterThan(0)
  // What a browser is asked for it need not have.
  const used = styles.map(({ name, text }) => ({
    name,
    text: text.replace(/@supports[^{]*\{/g, "@supports {"),
  }))
  expect(found(used, newerStyles)).toEqual([])
  // How the stand-in's panels are hidden until they are opened.
  const rule = /@supports not selector\(:popover-open\)\s*{\s*\[popover\]/
  expect(styles.some(({ text }) => rule.test(text))).toBe(true)
})

test.describe("in such a browser", () => {
  test.beforeEach(({ page }) =>
    page.addInitScript(
      takeAway,
      newerApis.map(({ api }) => api),
    ),
  )

  test("one signs up, ends another device's session and signs out", async ({
    page,
    stranger,
    newClient,
  }) => {
    await page.goto("/sign-up")
    expect(await page.evaluate(() => "any" in AbortSignal)).toBe(false)
    await page.getByRole("textbox", { name: "Name" }).fill(stranger.name)
    await page.getByRole("textbox", { name: "Email" }).fill(stranger.email)
    await page.getByLabel("Password", { exact: true }).fill(stranger.password)
    await page.getByRole("button", { name: "Create account" }).click()
    await expect(page).toHaveURL(/\/dashboard$/)

    const phone = await newClient()
    const { email, password } = stranger
    const signedIn = await phone.post("/api/auth/sign-in/email", {
      data: { email, password },
      headers: { Origin: new URL(page.url()).origin, "User-Agent": safariOnIphone.userAgent },
    })
    expect(signedIn.status()).toBe(200)
    await page.goto("/settings/security")
    await page.getByRole("button", { name: `Sign out ${safariOnIphone.label}` }).click()
    await expect(page.getByText(`Signed out ${safariOnIphone.label}`)).toBeVisible()

    await page.getByRole("button", { name: "Account menu" }).click()
    await page.getByRole("menuitem", { name: "Sign out" }).click()
    await expect(page).toHaveURL(/\/$/)
    await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible()
  })

  test("the menus open and close as elsewhere", async ({ signedIn: page }) => {
    await page.goto("/dashboard")
    await expect(page.getByRole("button", { name: "Read it again" })).toBeEnabled()
    const account = page.getByRole("button", { name: "Account menu" })
    const theme = page.getByRole("button", { name: "Theme" })
    const item = page.getByRole("menuitem", { name: "Settings" })
    await expect(item).toBeHidden()

    await account.click()
    await expect(account).toHaveAttribute("aria-expanded", "true")
    await expect(page.getByRole("menuitem", { name: "Dashboard" })).toBeFocused()
    const [button, panel] = [await account.boundingBox(), await item.boundingBox()]
    expect(panel?.y).toBeGreaterThan(button?.y ?? Number.POSITIVE_INFINITY)
    await page.keyboard.press("ArrowDown")
    await expect(item).toBeFocused()
    await page.keyboard.press("Escape")
    await expect(item).toBeHidden()
    await expect(account).toBeFocused()
    await expect(account).toHaveAttribute("aria-expanded", "false")

    await account.press("ArrowDown")
    await expect(item).toBeVisible()
    // One menu at a time.
    await theme.click()
    await expect(item).toBeHidden()
    await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeVisible()
    await page.getByRole("heading", { level: 1 }).click()
    await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeHidden()

    await account.click()
    await account.click()
    await expect(item).toBeHidden()
    await account.click()
    await item.click()
    await expect(page).toHaveURL(/\/settings\/profile$/)
    await expect(item).toBeHidden()
  })
})
