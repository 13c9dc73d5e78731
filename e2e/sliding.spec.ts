/** A visit longer than the session lives without being used, on a clock of seconds instead of minutes. */

import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { newDataDir, Server } from "./support/server"
import { tokenCookie, Visitor } from "./support/visitor"

// Thirty minutes with a page every twenty seconds, at a thirtieth of the time.
const visitSeconds = 60
const cacheMaxAge = 10
const expiresIn = 20
const mostReads = 8

let server: Server

test.beforeAll(async () => {
  server = await Server.start({
    DATABASE_URL: process.env.DATABASE_URL ?? "",
    DATA_DIR: newDataDir(),
    SESSION_EXPIRES_IN: String(expiresIn),
    SESSION_UPDATE_AGE: "5",
    SESSION_CACHE_MAX_AGE: String(cacheMaxAge),
  })
  await server.expectHealth(200)
})

test.afterAll(() => server.kill())

test("an active visitor is never signed out, and costs few reads of the database", async ({
  page,
}) => {
  test.setTimeout((visitSeconds + 60) * 1000)
  const visitor = new Visitor(server.url)
  await visitor.signUp(newAccount().email)
  await page
    .context()
    .addCookies([...visitor.cookies].map(([name, value]) => ({ name, value, url: server.url })))
  let renewals = 0
  const extensions = new Set<string>()
  page.on("response", async (response) => {
    if (!response.url().endsWith("/api/auth/get-session")) return
    const cookies = (await response.headersArray()).filter(({ name }) => name === "set-cookie")
    if (cookies.some(({ value }) => value.includes("session_data="))) renewals += 1
    for (const { value } of cookies)
      if (value.startsWith(`${tokenCookie}=`)) extensions.add(response.headers().date ?? "")
  })

  await page.goto(`${server.url}/dashboard`)
  const began = Date.now()
  let pages = 0
  let fromDatabase = 0
  while (Date.now() - began < visitSeconds * 1000) {
    await page.getByRole("button", { name: "Account menu" }).click()
    await page.getByRole("menuitem", { name: "Settings" }).click()
    await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible()
    await page.getByRole("button", { name: "Account menu" }).click()
    await page.getByRole("menuitem", { name: "Dashboard" }).click()
    await expect(page.getByText("How your session was read")).toBeVisible()
    if (await page.getByText("Database", { exact: true }).isVisible()) fromDatabase += 1
    pages += 2
  }
  console.warn(
    `${pages} pages, ${renewals} renewals, ${extensions.size} extensions, ${fromDatabase} pages from the database`,
  )
  expect(pages).toBeGreaterThan(20)
  expect(renewals + fromDatabase).toBeLessThanOrEqual(mostReads)
  expect(extensions.size).toBeGreaterThan(0)
})
