/**
 * Every kind of event, produced as people produce it: through the endpoints. Each is a row, one line in
 * the log, and a sentence on the page. A kind without a way to it does not compile.
 */
import { eq } from "drizzle-orm"
import { expect, it, vi } from "vitest"

vi.hoisted(() => {
  process.env.SESSION_LIMIT = "3"
})

import { createEmailVerificationToken } from "better-auth/api"
import { activitySentence } from "@/components/settings/activity-words"
import { auth } from "@/lib/auth"
import { cleanUp } from "@/lib/cleanup"
import { db } from "@/lib/db"
import { session, user } from "@/lib/db/schema"
import { listOutbox } from "@/lib/mail/outbox"
import { policy } from "@/lib/sessions/policy"
import { activityOf, listenToLog } from "@/lib/testing/activity"
import { giveRole, signedUpAdmin } from "@/lib/testing/admin"
import { type Browser, newBrowser, password, signedUp } from "@/lib/testing/browser"
import { readActivityPage } from "./read"
import { toActivityItem } from "./to-view"
import { type ActivityKind, activityKinds } from "./view"

/** Does what is to be recorded, and answers whose account that concerns. */
type Way = () => Promise<string>

/** As an administrator, on somebody else. */
async function administer(path: string, body: object = {}): Promise<string> {
  const [{ browser }, { userId }] = await Promise.all([signedUpAdmin(), signedUp()])
  const response = await browser.post(`/admin/${path}`, { userId, ...body })
  expect(response.status).toBe(200)
  return userId
}

const ways: Record<ActivityKind, Way> = {
  "sign-up": async () => (await signedUp()).userId,
  "sign-in": async () => {
    const { email, userId } = await signedUp()
    await newBrowser().signIn(email)
    return userId
  },
  "sign-in-failed": async () => {
    const { email, userId } = await signedUp()
    await newBrowser().signIn(email, { password: "something else" })
    return userId
  },
  "sign-out": async () => {
    const { browser, userId } = await signedUp()
    await browser.post("/sign-out")
    return userId
  },
  "session-revoked": async () => {
    const { browser, email, userId } = await signedUp()
    await newBrowser().signIn(email)
    await browser.post("/revoke-other-sessions")
    return userId
  },
  "session-expired": async () => {
    const { browser, sessionId, userId } = await signedUp()
    const past = new Date(Date.now() - 1_000)
    await db.update(session).set({ expiresAt: past }).where(eq(session.id, sessionId))
    await browser.call("/get-session?disableCookieCache=true")
    return userId
  },
  "session-limit": async () => {
    const { email, userId } = await signedUp()
    for (let device = 0; device < 3; device++) await newBrowser().signIn(email)
    return userId
  },
  "password-changed": async () => {
    const { browser, userId } = await signedUp()
    const body = { currentPassword: password, newPassword: "a brand new password" }
    await browser.post("/change-password", { ...body, revokeOtherSessions: true })
    return userId
  },
  "password-reset": async () => {
    const { email, userId } = await signedUp()
    await newBrowser().post("/request-password-reset", { email, redirectTo: "/reset-password" })
    const isReset = ({ to, text }: { to: string; text: string }) =>
      to === email && text.includes("/reset-password/")
    const mail = async () => (await listOutbox()).find(isReset)?.text
    await expect.poll(mail).toBeDefined()
    const token = /\/reset-password\/([^?]+)/.exec((await mail()) ?? "")?.[1]
    await newBrowser().post("/reset-password", { newPassword: "a brand new password", token })
    return userId
  },
  "email-verified": async () => {
    const { email, userId } = await signedUp()
    const token = await createEmailVerificationToken((await auth.$context).secret, email)
    await newBrowser().call(`/verify-email?token=${token}&callbackURL=/verify-email`)
    return userId
  },
  "role-changed": () => administer("set-role", { role: "admin" }),
  "user-banned": () => administer("ban-user", { banReason: "Spam" }),
  "user-unbanned": async () => {
    const { browser } = await signedUpAdmin()
    const { userId } = await signedUp()
    await browser.post("/admin/ban-user", { userId, banReason: "Spam" })
    await browser.post("/admin/unban-user", { userId })
    return userId
  },
  "impersonation-started": () => administer("impersonate-user"),
  "impersonation-ended": async () => {
    const { browser } = await signedUpAdmin()
    const { userId } = await signedUp()
    await browser.post("/admin/impersonate-user", { userId })
    await browser.post("/admin/stop-impersonating")
    return userId
  },
}

it.each(activityKinds)("%s is a row, one line and a sentence", async (kind) => {
  const log = listenToLog()
  const userId = await ways[kind]()
  const ofKind = async () => (await activityOf(userId)).filter((row) => row.kind === kind)
  // A refused sign-in is recorded after the answer.
  await expect.poll(async () => (await ofKind()).length).toBeGreaterThan(0)
  const rows = await ofKind()
  const lines = () =>
    log
      .text()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line))
      .filter((line) => line.userId === userId && line.event === kind)
  await expect.poll(() => lines().length).toBe(rows.length)
  for (const [at, row] of rows.entries()) {
    expect(lines()[at]).toMatchObject({ sessionId: row.sessionId, actor: row.actor })
  }

  const page = await readActivityPage(userId, { filter: "all" }, 50)
  const items = page.rows.map((row) => toActivityItem(row, ""))
  const shown = items.filter((item) => item.kind === kind)
  expect(shown).toHaveLength(rows.length)
  for (const item of shown) {
    expect(activitySentence(item)).toMatch(/^[A-Z].{3,}/)
    expect(activitySentence(item)).not.toContain(kind)
  }
})

it("names the administrator to administrators only, in rows and lines", async () => {
  const admin = await signedUpAdmin()
  const { userId } = await signedUp()
  await admin.browser.post("/admin/impersonate-user", { userId })
  await admin.browser.post("/admin/stop-impersonating")
  await admin.browser.post("/admin/ban-user", { userId, banReason: "Spam" })
  const rows = (await activityOf(userId)).filter(({ actor }) => actor === "admin")
  expect(rows.map(({ kind }) => kind)).toEqual([
    "impersonation-started",
    "impersonation-ended",
    "user-banned",
    "session-revoked",
  ])
  expect(new Set(rows.map(({ actorId }) => actorId))).toEqual(new Set([admin.userId]))
  expect(rows.at(-1)?.detail.reason).toBe("banned")
  const page = await readActivityPage(userId, { filter: "all" }, 50)
  const shown = JSON.stringify(page.rows.map((row) => toActivityItem(row, "")))
  expect(shown).not.toContain(admin.userId)
  expect(shown).not.toContain(admin.browser.address)
})

it("records a refused sign-in of someone banned, and a demotion that ends their look at others", async () => {
  const banned = await signedUp()
  const boss = await signedUpAdmin()
  await boss.browser.post("/admin/ban-user", { userId: banned.userId, banReason: "Spam" })
  expect((await newBrowser().signIn(banned.email)).status).toBe(403)
  const refused = async () =>
    (await activityOf(banned.userId)).filter(({ kind }) => kind === "sign-in-failed")
  await expect
    .poll(async () => (await refused()).map(({ detail }) => detail.reason))
    .toEqual(["banned"])

  const [looking, looked] = [await signedUpAdmin(), await signedUp()]
  await looking.browser.post("/admin/impersonate-user", { userId: looked.userId })
  await giveRole(looking.userId, "user")
  const last = (await activityOf(looked.userId)).at(-1)
  expect(last).toMatchObject({ kind: "impersonation-ended" })
  expect((await looking.browser.call("/list-sessions")).status).toBe(401)
})

it.each([
  ["idle", { ago: 1, remembered: true }],
  ["absolute", { ago: policy.absolute, remembered: true }],
  ["absolute", { ago: policy.forgotten, remembered: false }],
])("an expired session was %s, by its row", async (reason, { ago, remembered }) => {
  for (const expire of [
    (browser: Browser) => browser.call("/get-session?disableCookieCache=true"),
    () => cleanUp(),
  ]) {
    const { browser, sessionId, userId } = await signedUp()
    const expiresAt = new Date(Date.now() - 1_000)
    const createdAt = new Date(expiresAt.getTime() - ago * 1_000)
    await db
      .update(session)
      .set({ createdAt, expiresAt, remembered })
      .where(eq(session.id, sessionId))
    await expire(browser)
    expect((await activityOf(userId)).at(-1)).toMatchObject({
      kind: "session-expired",
      actor: "system",
      sessionId,
      ipAddress: null,
      detail: { reason },
    })
  }
})

it("records another ban over one that has run out", async () => {
  const { browser } = await signedUpAdmin()
  const { userId } = await signedUp()
  await browser.post("/admin/ban-user", { userId, banReason: "Spam" })
  const past = new Date(Date.now() - 1_000)
  await db.update(user).set({ banExpires: past }).where(eq(user.id, userId))
  await browser.post("/admin/ban-user", { userId, banReason: "Again" })
  const bans = (await activityOf(userId)).filter(({ kind }) => kind === "user-banned")
  expect(bans.at(-1)).toMatchObject({ actor: "admin", detail: { banReason: "Again" } })
})
