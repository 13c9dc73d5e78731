/** What follows a session that has begun fails: the answer is still about the beginning. */
import { sql } from "drizzle-orm"
import { expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { listenToLog } from "@/lib/testing/activity"
import { newBrowser, newEmail, password, signedUp } from "@/lib/testing/browser"
import "@/lib/testing/database"

/** Makes the look at a user's sessions fail, which only comes once a session has begun. */
function refuseCounting(): void {
  const { execute } = db
  vi.spyOn(db, "execute").mockImplementation((query) => {
    const text = JSON.stringify(sql`${query}`)
    if (text.includes("from session where")) throw Object.assign(new Error("no"), { code: "57014" })
    return execute.call(db, query)
  })
}

const changed = { currentPassword: password, newPassword: "another one", revokeOtherSessions: true }

it.each([
  ["a sign-up", () => newBrowser(), { name: "Ana", password }, "/sign-up/email"],
  ["a sign-in", () => newBrowser(), { password }, "/sign-in/email"],
  ["a changed password", null, changed, "/change-password"],
] as const)("%s that has happened is answered as such", async (_, browserOf, body, path) => {
  const known = await signedUp()
  const email = path === "/sign-up/email" ? newEmail() : known.email
  const browser = browserOf?.() ?? known.browser
  const log = listenToLog()
  refuseCounting()
  const answer = await browser.post(path, { email, ...body })
  vi.restoreAllMocks()
  expect(answer.status).toBe(200)
  expect((await browser.session()).user.email).toBe(email)
  expect((await browser.call("/list-sessions")).status).toBe(200)
  expect(log.text()).toContain("what it replaces or exceeds was not ended")
})
