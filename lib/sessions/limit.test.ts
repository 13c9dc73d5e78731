/** How many sessions a user may have, through Better Auth's real handler. */
import { randomUUID } from "node:crypto"
import { eq } from "drizzle-orm"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { activity, session } from "@/lib/db/schema"
import { listOutbox } from "@/lib/mail"
import { activityOf, recordedBy } from "@/lib/testing/activity"
import { days, hours, minutes } from "@/lib/time"

const limit = 3

let testing: typeof import("@/lib/testing/browser")
beforeAll(async () => {
  vi.stubEnv("SESSION_LIMIT", String(limit))
  vi.resetModules()
  testing = await import("@/lib/testing/browser")
  const { openDatabase } = await import("@/lib/db/migrate")
  await openDatabase()
})

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)

const rowsOf = (userId: string) => db.select().from(session).where(eq(session.userId, userId))
const idsOf = async (userId: string) => (await rowsOf(userId)).map(({ id }) => id).sort()

/** A user with as many sessions as there may be, the first one idle longest. */
async function withAllSessions() {
  const { userId, email, sessionId, browser } = await testing.signedUp({
    userAgent: testing.iphoneSafari,
  })
  const ids = [sessionId]
  for (let count = 1; count < limit; count++) {
    const device = testing.newBrowser()
    await device.signIn(email)
    ids.push((await device.session()).session.id)
  }
  for (const [index, id] of ids.entries()) {
    const lastActiveAt = ago(hours(limit - index))
    await db.update(session).set({ lastActiveAt }).where(eq(session.id, id))
  }
  return { userId, email, ids, browser }
}

/** What a user was told about the limit; the mail of the sign-up is another matter. */
const mailsTo = async (email: string) =>
  (await listOutbox()).filter(({ to, subject }) => to === email && /signed out/.test(subject))

describe("one sign-in too many", () => {
  it("ends the session idle longest and no other, and its user is told", async () => {
    const { userId, email, ids, browser } = await withAllSessions()
    expect(await mailsTo(email)).toEqual([])
    const device = testing.newBrowser()
    const { rows, lines } = await recordedBy(userId, async () => {
      expect((await device.signIn(email)).status).toBe(200)
    })
    const [first = ""] = ids
    expect(rows.map(({ kind }) => kind)).toEqual(["sign-in", "session-limit"])
    expect(rows[1]).toMatchObject({ actor: "system", sessionId: first })
    expect(lines.filter(({ event }) => event === "session-limit")).toEqual([
      expect.objectContaining({ actor: "system", sessionId: first, userId }),
    ])
    const { session: newest } = await device.session()
    expect(await idsOf(userId)).toEqual([...ids.slice(1), newest.id].sort())
    expect((await browser.call("/list-sessions")).status).toBe(401)

    await expect.poll(() => mailsTo(email)).toHaveLength(1)
    const [mail] = await mailsTo(email)
    expect(mail?.subject).toBe("A device was signed out")
    expect(mail?.text).toContain(`at most. What was idle longest was signed out:`)
    expect(mail?.text).toMatch(/^Safari on iPhone, last active \d+ \w+ \d+, [\d:]+ UTC$/m)
    expect(mail?.text).toContain("/settings/security")
  })

  it("is told of once an hour at most, and as long as it goes on", async () => {
    const { userId, email } = await withAllSessions()
    await testing.newBrowser().signIn(email)
    await expect.poll(() => mailsTo(email)).toHaveLength(1)
    await testing.newBrowser().signIn(email)
    await testing.newBrowser().signIn(email)
    const ended = (await activityOf(userId)).filter(({ kind }) => kind === "session-limit")
    expect(ended).toHaveLength(3)
    // As an hour ago: what is written is never changed, so it is written anew.
    await db.delete(activity).where(eq(activity.userId, userId))
    const [latest] = ended
    if (!latest) throw new Error("Nothing was recorded.")
    const { id: _id, transaction: _transaction, ...row } = latest
    await db.insert(activity).values({ ...row, at: ago(hours(1) + 1) })
    await testing.newBrowser().signIn(email)
    await expect.poll(() => mailsTo(email)).toHaveLength(2)
  })

  it("names ten devices in the mail, and counts the others", async () => {
    const { userId, email } = await withAllSessions()
    const past = Array.from({ length: 12 }, (_, index) => ({
      id: randomUUID(),
      token: randomUUID(),
      userId,
      name: `Device ${index + 1}`,
      lastActiveAt: ago(days(1) - index),
      expiresAt: ago(-hours(1)),
    }))
    await db.insert(session).values(past)
    await testing.newBrowser().signIn(email)
    await expect.poll(() => mailsTo(email)).toHaveLength(1)
    const [mail] = await mailsTo(email)
    expect(mail?.subject).toBe("13 devices were signed out")
    expect(mail?.text.match(/, last active /g)).toHaveLength(10)
    expect(mail?.text).toMatch(/^Device 10 .*\nand 3 more\n$/m)
  })

  it("goes by the last activity, not by the sign-in", async () => {
    const { userId, email, ids } = await withAllSessions()
    const [first = "", second = ""] = ids
    await db
      .update(session)
      .set({ lastActiveAt: ago(minutes(1)) })
      .where(eq(session.id, first))
    await testing.newBrowser().signIn(email)
    expect(await idsOf(userId)).toContain(first)
    expect(await idsOf(userId)).not.toContain(second)
  })

  it("ends another one even when all others were active later", async () => {
    const { userId, email } = await withAllSessions()
    await db
      .update(session)
      .set({ lastActiveAt: ago(-minutes(1)) })
      .where(eq(session.userId, userId))
    const device = testing.newBrowser()
    await device.signIn(email)
    expect(await idsOf(userId)).toContain((await device.session()).session.id)
    expect(await idsOf(userId)).toHaveLength(limit)
  })

  it("leaves as many as there may be when ten come at once", async () => {
    const { userId, email, ids } = await withAllSessions()
    const devices = Array.from({ length: 10 }, () => testing.newBrowser())
    const answers = await Promise.all(devices.map((device) => device.signIn(email)))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    const left = await idsOf(userId)
    expect(left).toHaveLength(limit)
    expect(left.filter((id) => ids.includes(id))).toEqual([])
  })

  it("does not come of a session that only goes on", async () => {
    const { userId, email, ids, browser } = await withAllSessions()
    await browser.post("/update-user", { name: "Ana Maria" })
    await browser.post("/change-password", {
      currentPassword: testing.password,
      newPassword: "another horse battery",
      revokeOtherSessions: false,
    })
    expect(await rowsOf(userId)).toHaveLength(limit)
    expect(await idsOf(userId)).toEqual(expect.arrayContaining(ids.slice(1)))
    expect(await mailsTo(email)).toEqual([])
  })

  it("does not come of signing in over a session", async () => {
    const { userId, email, ids, browser } = await withAllSessions()
    await browser.signIn(email)
    expect(await rowsOf(userId)).toHaveLength(limit)
    expect(await idsOf(userId)).toEqual(expect.arrayContaining(ids.slice(1)))
  })

  it("counts neither what has expired nor an administrator's look, and ends neither", async () => {
    const { userId, email, ids } = await withAllSessions()
    const row = { userId, lastActiveAt: ago(hours(10)), createdAt: ago(hours(10)) }
    const expired = { ...row, id: randomUUID(), token: randomUUID(), expiresAt: ago(1) }
    // The limit was lowered since it began.
    const over = {
      ...row,
      createdAt: ago(days(31)),
      id: randomUUID(),
      token: randomUUID(),
      expiresAt: ago(-hours(1)),
    }
    const look = {
      ...row,
      id: randomUUID(),
      token: randomUUID(),
      expiresAt: ago(-hours(1)),
      impersonatedBy: "somebody",
    }
    await db.insert(session).values([expired, over, look])
    await testing.newBrowser().signIn(email)
    const left = await idsOf(userId)
    expect(left).toHaveLength(limit + 3)
    expect(left).toEqual(expect.arrayContaining([expired.id, over.id, look.id, ...ids.slice(1)]))
  })
})

it("a name of the user's own adds no line to the mail", async () => {
  const { email, ids } = await withAllSessions()
  const name = "Desk\r\n\r\nOpen http://evil.example"
  await db
    .update(session)
    .set({ name })
    .where(eq(session.id, ids[0] ?? ""))
  await testing.newBrowser().signIn(email)
  await expect.poll(() => mailsTo(email)).toHaveLength(1)
  const [mail] = await mailsTo(email)
  expect(mail?.text).toContain("Desk Open http://evil.example (Safari on iPhone), last active")
})
