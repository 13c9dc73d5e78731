/** Administration in the browser: users, their sessions, bans, roles, and seeing the app as somebody else. */
import type { BrowserContext, Page } from "@playwright/test"
import { test as base, expect, expectAccessible } from "./fixtures"
import { type Account, newAccount } from "./support/account"
import {
  type AppWithAdmins,
  databaseUrl,
  postTo,
  runAdmin,
  signUpAt,
  startWithAdmins,
} from "./support/admin"
import { safariOnIphone } from "./support/user-agents"

let app: AppWithAdmins

// The pages of this spec are those of a server of its own.
const test = base.extend<object, { ownApp: AppWithAdmins }>({
  ownApp: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads dependencies from the pattern
    async ({}, use) => {
      app = await startWithAdmins(3)
      await use(app)
      await app.server.kill()
    },
    { scope: "worker", timeout: 120_000, auto: true },
  ],
  baseURL: async ({ ownApp }, use) => use(ownApp.server.url),
})

const post = (context: BrowserContext, path: string, data: object = {}) =>
  postTo(app.server.url, context.request, path, data)

async function signIn(page: Page, { email, password }: Account): Promise<void> {
  const response = await post(page.context(), "/sign-in/email", { email, password })
  expect(response.status()).toBe(200)
}

/** A new user, and where an administrator finds them. */
async function newUser() {
  const account = newAccount()
  const id = await signUpAt(app.server.url, account)
  return { ...account, id, path: `/admin/users/${id}` }
}

async function signInAdmin(page: Page, at = 0): Promise<Account> {
  const admin = app.admins[at] as Account
  await signIn(page, admin)
  return admin
}

const region = (page: Page, name: string) => page.getByRole("region", { name })

test("a command makes administrators, and says what is wrong when it cannot", async () => {
  const nobody = await runAdmin({ ...app.settings, DATA_DIR: `${app.settings.DATA_DIR}-2` }, "x")
  expect(nobody.code).toBe(1)
  expect(nobody.output).toMatch(/^Usage: npm run admin -- user@example.com/)

  const unknown = await runAdmin(app.settings, "nobody@example.com")
  expect(unknown.code).toBe(1)
  expect(unknown.output).toMatch(
    databaseUrl
      ? /^Nobody has signed up as nobody@example.com\./
      : /^The embedded database is in use by process \d+ .* Stop that process/,
  )
})

test("an administrator finds a user, and ends one of their sessions", async ({ page, browser }) => {
  const user = await newUser()
  const admin = await signInAdmin(page)
  await page.goto("/dashboard")
  await page.getByRole("button", { name: "Account menu" }).click()
  await page.getByRole("menuitem", { name: "Admin" }).click()
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible()

  await page.getByRole("searchbox", { name: "Search by name, email or ID" }).fill(user.email)
  await page.getByRole("button", { name: "Search" }).click()
  const row = page.getByRole("row", { name: user.email })
  await expect(row).toContainText("Active")
  await expect(page.getByRole("row")).toHaveCount(2)

  const phone = await browser.newContext({ userAgent: safariOnIphone.userAgent })
  await signIn(await phone.newPage(), user)
  await row.getByRole("link", { name: user.name }).click()
  await expect(page.getByRole("heading", { name: user.name })).toBeVisible()
  const sessions = region(page, "Sessions")
  await expect(sessions.getByRole("listitem")).toHaveCount(2)
  await sessions.getByRole("button", { name: `Sign out ${safariOnIphone.label}` }).click()
  await expect(page.getByRole("dialog", { name: `Sign out ${safariOnIphone.label}` })).toBeVisible()
  const asked: string[] = []
  page.on("request", (request) => {
    if (request.url().includes("/revoke-user-session")) asked.push(request.url())
  })
  // A second click in the same moment asks the server no second time.
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "Sign out" })
    .evaluate((button: HTMLButtonElement) => {
      button.click()
      button.click()
    })
  await expect(page.getByText(`Signed out ${safariOnIphone.label}`)).toBeVisible()
  await expect(sessions.getByRole("listitem")).toHaveCount(1)
  await expect(sessions.getByRole("heading", { name: "Sessions" })).toBeFocused()
  expect(asked).toHaveLength(1)
  const ended = region(page, "Activity").getByRole("listitem").first()
  await expect(ended).toContainText(`An administrator signed out ${safariOnIphone.label}`)
  await expect(ended.getByRole("link", { name: admin.name })).toHaveAttribute(
    "href",
    `/admin/users/${app.admins[0]?.id}`,
  )
  expect((await phone.request.get(`${app.server.url}/api/auth/list-sessions`)).status()).toBe(401)

  await sessions.getByRole("button", { name: "Sign out everywhere" }).click()
  await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(1)
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click()
  await expect(sessions).toContainText("Signed in nowhere.")
  await phone.close()
})

test("an account's activity is shown part by part and page by page, without scripts", async ({
  browser,
}) => {
  const user = await newUser()
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: app.server.url })
  const page = await context.newPage()
  await signInAdmin(page)
  for (let at = 0; at < 13; at++) {
    const body = { userId: user.id, banReason: `Reason ${at}` }
    expect((await post(context, "/admin/ban-user", body)).status()).toBe(200)
    expect((await post(context, "/admin/unban-user", body)).status()).toBe(200)
  }
  await page.goto(user.path)
  const events = region(page, "Activity")
  await events.getByRole("link", { name: "Account" }).click()
  await expect(events.getByRole("listitem")).toHaveCount(25)
  await events.getByRole("link", { name: "Older" }).click()
  await expect(events.getByRole("listitem")).toHaveCount(1)
  await expect(events).toContainText("An administrator banned the account: Reason 0")
  await events.getByRole("link", { name: "Newer" }).click()
  await expect(events.getByRole("listitem")).toHaveCount(25)
  await context.close()
})

test("the list is searched, sorted and paged without scripts", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await signInAdmin(page)
  const mark = newAccount().name.slice(4)
  const people = Array.from({ length: 27 }, (_, at) => ({
    ...newAccount(),
    name: `${mark} ${String(at).padStart(2, "0")}`,
  }))
  for (const person of people) await signUpAt(app.server.url, person)
  const names = page.getByRole("rowheader")

  await page.goto(`${app.server.url}/admin/users`)
  await page.getByRole("searchbox").fill(mark)
  await page.getByRole("button", { name: "Search" }).click()
  await expect(names.first()).toContainText(`${mark} 26`)
  await expect(page.getByText(`27 users found for “${mark}”`).last()).toBeVisible()
  await page.getByRole("navigation", { name: "Sort" }).getByRole("link", { name: "Name" }).click()
  await expect(names.first()).toContainText(`${mark} 00`)
  await expect(names).toHaveCount(25)
  await page.getByRole("link", { name: "Next", exact: true }).click()
  await expect(names).toHaveCount(2)
  await expect(names.last()).toContainText(`${mark} 26`)
  await page.getByRole("link", { name: "Previous" }).click()
  await expect(names.first()).toContainText(`${mark} 00`)
  await page.getByRole("link", { name: "Last" }).click()
  await expect(names.last()).toContainText(`${mark} 26`)

  await page.getByRole("searchbox").fill(`${mark} nobody`)
  await page.getByRole("button", { name: "Search" }).click()
  await expect(page.getByText("Nobody found")).toBeVisible()
  await page.getByRole("link", { name: "Show all users" }).click()
  await expect(names).toHaveCount(25)
  await context.close()
})

test("a banned user is out at once, and back when the ban is lifted", async ({ page, browser }) => {
  const user = await newUser()
  await signInAdmin(page)
  const theirs = await browser.newPage({ baseURL: app.server.url })
  await signIn(theirs, user)
  await theirs.goto("/dashboard")

  await page.goto(user.path)
  const actions = region(page, "Actions")
  await actions.getByRole("button", { name: "Ban user" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Ban", exact: true }).click()
  await expect(dialog.getByRole("textbox", { name: "Reason" })).toHaveAccessibleDescription(
    "Say why.",
  )
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Sells things")
  await dialog.getByRole("combobox", { name: "How long" }).selectOption("For a week")
  await dialog.getByRole("button", { name: "Ban", exact: true }).click()
  await expect(page.getByText(`Banned ${user.name}`)).toBeVisible()
  await expect(region(page, "Account")).toContainText(/Banned until .*Sells things/)
  await expect(actions.getByRole("heading", { name: "Actions" })).toBeFocused()
  await expect(region(page, "Sessions")).toContainText("Signed in nowhere.")

  // Their own server believes the copy in the cookie for a second at most.
  await expect(async () => {
    await theirs.reload()
    await expect(theirs).toHaveURL(/\/sign-in/, { timeout: 100 })
  }).toPass()
  await theirs.getByRole("textbox", { name: "Email" }).fill(user.email)
  await theirs.getByLabel("Password", { exact: true }).fill(user.password)
  await theirs.getByRole("button", { name: "Sign in" }).click()
  await expect(
    theirs.getByRole("alert").filter({ hasText: "This account is banned until" }),
  ).toBeVisible()

  await actions.getByRole("button", { name: "Unban user" }).click()
  await expect(region(page, "Account")).toContainText("Active")
  await expect(actions.getByRole("heading", { name: "Actions" })).toBeFocused()
  await theirs.getByRole("button", { name: "Sign in" }).click()
  await expect(theirs).toHaveURL(/\/dashboard/)
  await theirs.close()
})

test("an administrator sees the app as a user, and comes back with one click", async ({
  page,
  allowErrors,
}) => {
  allowErrors(/404 \(Not Found\)|403 \(FORBIDDEN\)/)
  const user = await newUser()
  const admin = await signInAdmin(page)
  await page.goto(user.path)
  await page.getByRole("button", { name: "Impersonate" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Impersonate" }).click()
  await expect(page.getByRole("heading", { name: `Hello, ${user.name}` })).toBeVisible()
  const banner = region(page, "Impersonation")
  await expect(banner).toContainText(`You see the app as ${user.name}.`)

  // It is the user's session, and nothing of the account can be changed by it.
  expect((await page.goto("/admin/users"))?.status()).toBe(404)
  await page.goto("/settings/profile")
  await expect(banner).toBeVisible()
  await page.getByRole("textbox", { name: "Name" }).fill("Eve")
  await page.getByRole("button", { name: "Save changes" }).click()
  await expect(page.getByText("You see the app as somebody else.")).toBeVisible()

  await banner.getByRole("button", { name: "Return to your account" }).click()
  await expect(page).toHaveURL(new RegExp(`${user.path}$`))
  await expect(page.getByRole("heading", { name: user.name })).toBeVisible()
  await expect(banner).toBeHidden()
  const session = await page.request.get("/api/auth/get-session")
  expect((await session.json()).user.email).toBe(admin.email)
})

test("an administrator's browser loads nothing from an address that a user has set", async ({
  page,
  browser,
}) => {
  const user = await newUser()
  const image = "https://pictures.example/who-looks-at-me.png"
  const elsewhere: string[] = []
  const watch = (context: BrowserContext) =>
    context.route(
      (url) => url.origin !== new URL(app.server.url).origin,
      (route) => {
        elsewhere.push(route.request().url())
        return route.abort("aborted")
      },
    )
  const theirs = await browser.newContext({ baseURL: app.server.url })
  await watch(theirs)
  const own = await theirs.newPage()
  await signIn(own, user)
  expect((await post(theirs, "/update-user", { image })).status()).toBe(200)
  // Their own browser does load it, and says to nobody where.
  const asked = own.waitForRequest(image)
  await own.goto("/dashboard")
  expect((await (await asked).allHeaders()).referer).toBeUndefined()
  expect(elsewhere.splice(0)).toContain(image)
  await theirs.close()

  await watch(page.context())
  await signInAdmin(page)
  await page.goto(`/admin/users?search=${encodeURIComponent(user.email)}`)
  await expect(page.getByRole("row", { name: user.email })).toBeVisible()
  await page.getByRole("row").getByRole("link", { name: user.name }).click()
  await expect(page.getByRole("heading", { name: user.name })).toBeVisible()
  await page.getByRole("button", { name: "Ban user" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: "Impersonate" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Impersonate" }).click()
  await expect(page.getByRole("heading", { name: `Hello, ${user.name}` })).toBeVisible()
  for (const path of [
    "/",
    "/settings/profile",
    "/settings/security",
    "/settings/security/activity",
  ]) {
    await page.goto(path)
    await page.getByRole("button", { name: "Account menu" }).click()
    await expect(page.getByText(user.email).first()).toBeVisible()
    await page.waitForLoadState("networkidle")
  }
  await page.goto("/dashboard")
  await page.getByRole("button", { name: "Return to your account" }).click()
  await expect(page).toHaveURL(new RegExp(`${user.path}$`))
  await page.waitForLoadState("networkidle")
  expect(elsewhere).toEqual([])
})

test("a role is given, and felt when it is taken", async ({ page, browser, allowErrors }) => {
  allowErrors(/404 \(Not Found\)/)
  const [user, other] = [await newUser(), await newUser()]
  await signInAdmin(page)
  await page.goto(user.path)
  await page.getByRole("button", { name: "Make admin" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Make admin" }).click()
  await expect(page.getByText(`${user.name} is an administrator now`)).toBeVisible()

  const theirs = await browser.newPage({ baseURL: app.server.url })
  await signIn(theirs, user)
  expect((await theirs.goto("/admin/users"))?.status()).toBe(200)
  await theirs.goto(other.path)

  await page.getByRole("button", { name: "Remove admin" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Remove admin" }).click()
  await expect(page.getByText(`${user.name} is no longer an administrator`)).toBeVisible()
  // What their page still shows of somebody goes with the first thing that is refused.
  await theirs.getByRole("button", { name: `Sign out ` }).first().click()
  await theirs.getByRole("dialog").getByRole("button", { name: "Sign out" }).click()
  await expect(theirs.getByRole("heading", { name: "Page not found" })).toBeVisible()
  await expect(theirs.getByText(other.email)).toBeHidden()
  const refused = await post(theirs.context(), "/admin/ban-user", {
    userId: app.admins[0]?.id,
    banReason: "Revenge",
  })
  expect(refused.status()).toBe(403)
  expect((await theirs.goto("/admin/users"))?.status()).toBe(404)
  // The menu shows what the copy in the cookie says, which goes within a second.
  await expect(async () => {
    await theirs.goto("/dashboard")
    await theirs.getByRole("button", { name: "Account menu" }).click()
    await expect(theirs.getByRole("menuitem", { name: "Settings" })).toBeVisible()
    await expect(theirs.getByRole("menuitem", { name: "Admin" })).toBeHidden({ timeout: 100 })
  }).toPass()
  await theirs.close()
})

test("for everybody else there is no administration", async ({ page, browser, allowErrors }) => {
  allowErrors(/404 \(Not Found\)/)
  const user = await newUser()
  await page.goto("/admin/users")
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=%2Fadmin%2Fusers/)
  await signIn(page, user)
  for (const path of ["/admin", "/admin/users", user.path, "/admin/users/nobody"]) {
    const response = await page.goto(path)
    expect([path, response?.status()]).toEqual([path, 404])
    await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible()
  }
  await expect(page.getByRole("button", { name: "Account menu" })).toBeVisible()
  // The payload of a soft navigation has nothing either.
  const other = await newUser()
  const payload = async (reader: Page) =>
    (await reader.request.get(other.path, { headers: { RSC: "1" } })).text()
  expect(await payload(page)).not.toContain(other.email)
  // While the same request answers an administrator with the address.
  const admins = await browser.newPage({ baseURL: app.server.url })
  await signInAdmin(admins)
  expect(await payload(admins)).toContain(other.email)
  await admins.close()
  // Nor do the requests of its pages, sent again by someone without rights.
  for (const path of ["set-role", "ban-user", "impersonate-user", "revoke-user-sessions"]) {
    const body = { userId: user.id, role: "admin", banReason: "x" }
    expect((await post(page.context(), `/admin/${path}`, body)).status()).toBe(403)
  }
})

test("an administrator's own account is not theirs to end", async ({ page, allowErrors }) => {
  allowErrors(/404 \(Not Found\)/)
  await signInAdmin(page, 1)
  const { id: userId } = app.admins[1] as { id: string }
  await page.goto(`/admin/users/${userId}`)
  await expect(region(page, "Actions")).toContainText("This is your own account.")
  await expect(region(page, "Actions").getByRole("button")).toHaveCount(0)
  await expect(region(page, "Sessions")).toContainText("This device")
  const own = await post(page.context(), "/admin/set-role", { userId, role: "user" })
  expect(own.status()).toBe(400)
  expect((await page.goto("/admin/users/nobody"))?.status()).toBe(404)
})

for (const scheme of ["light", "dark"] as const) {
  for (const width of [390, 1280]) {
    test(`the pages are accessible, ${scheme} at ${width} px`, async ({ page }, info) => {
      const user = await newUser()
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" })
      await signInAdmin(page, 2)
      const see = async (name: string) => {
        await expectAccessible(page)
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(overflow, `${name} scrolls sideways`).toBe(0)
        const path = info.outputPath(`${name}-${scheme}-${width}.png`)
        await page.screenshot({ path, fullPage: true })
      }
      await page.goto("/admin/users")
      await see("users")
      await page.goto("/admin/users?search=nobody")
      await see("nobody")
      await page.goto(user.path)
      await see("user")
      await page.getByRole("button", { name: "Ban user" }).click()
      await page.getByRole("dialog").getByRole("button", { name: "Ban", exact: true }).click()
      await expect(page.getByText("Say why.")).toBeVisible()
      await see("ban")
      await page.keyboard.press("Escape")
      await page.getByRole("button", { name: "Impersonate" }).click()
      await see("impersonate")
      await page.getByRole("dialog").getByRole("button", { name: "Impersonate" }).click()
      // The banner may be there a moment before this page is left.
      await expect(page).toHaveURL(/\/dashboard$/)
      await expect(region(page, "Impersonation")).toBeVisible()
      await see("banner")
    })
  }
}
