/** Every way something happens to an account today, through the real handler: its row and its line. */
import { randomUUID } from "node:crypto"
import { createEmailVerificationToken } from "better-auth/api"
import { eq, sql } from "drizzle-orm"
import { describe, expect, it } from "vitest"
import { auth } from "@/lib/auth"
import { clientAddressHeader, locationHeaders } from "@/lib/client-address"
import { db } from "@/lib/db"
import { session, user } from "@/lib/db/schema"
import { listOutbox } from "@/lib/mail/outbox"
import { activityOf, listenToLog, recordedBy } from "@/lib/testing/activity"
import { signedUpAdmin } from "@/lib/testing/admin"
import {
  iphoneSafari,
  macChrome,
  newBrowser,
  newEmail,
  password,
  signedUp,
} from "@/lib/testing/browser"
import { transactionAs } from "./act"

type Recorded = Awaited<ReturnType<typeof recordedBy>>

/** What a row and its line must both say. */
function summarize({ rows, lines }: Recorded) {
  const events = rows.map((row) => ({
    event: row.kind,
    at: row.at.toISOString(),
    userId: row.userId,
    sessionId: row.sessionId,
    actor: row.actor,
    actorId: row.actorId,
    ip: row.ipAddress,
    reason: row.detail.reason ?? null,
  }))
  const more = rows.map(({ city, country, detail: { bySessionId, from, to } }) => ({
    city,
    country,
    ...(bySessionId && { bySessionId }),
    ...(from && { from }),
    ...(to && { to }),
  }))
  expect(lines.map(({ device: _, ...line }) => line)).toEqual(
    events.map((event, at) => ({ ...event, ...more[at] })),
  )
  return events.map(({ at: _, userId: __, actorId: ___, ...event }) => event)
}

/** A user with a second device. */
async function twoDevices() {
  const first = await signedUp({ headers: { [locationHeaders.city]: "K%C3%B6ln" } })
  const phone = newBrowser({ userAgent: iphoneSafari })
  await phone.signIn(first.email)
  const { session: own } = await phone.session()
  return { ...first, phone, phoneId: own.id as string }
}

const byUser = (ip: string) => ({ actor: "user", ip })

describe("beginning", () => {
  it("is recorded for a sign-up, with the session it begins", async () => {
    const log = listenToLog()
    const { browser, userId, sessionId } = await signedUp()
    const rows = await activityOf(userId)
    const from = { ...byUser(browser.address), reason: null }
    expect(summarize({ rows, lines: log.events() })).toEqual([
      { event: "sign-up", sessionId: null, ...from },
      { event: "sign-in", sessionId, ...from },
    ])
    expect(log.events().map(({ device }) => device)).toEqual(["Chrome on macOS", "Chrome on macOS"])
    expect(rows[1]).toMatchObject({
      userAgent: macChrome,
      detail: {
        session: {
          name: null,
          userAgent: macChrome,
          ipAddress: browser.address,
          signInMethod: "password",
        },
      },
    })
  })

  it("is recorded for a sign-in, with where it was", async () => {
    const { email, userId } = await signedUp()
    const headers = { [locationHeaders.city]: "K%C3%B6ln", [locationHeaders.country]: "DE" }
    const phone = newBrowser({ userAgent: iphoneSafari, headers })
    const recorded = await recordedBy(userId, () => phone.signIn(email))
    const { session: own } = await phone.session()
    expect(summarize(recorded)).toEqual([
      { event: "sign-in", sessionId: own.id, ...byUser(phone.address), reason: null },
    ])
    expect(recorded.rows[0]).toMatchObject({ city: "Köln", country: "DE", userAgent: iphoneSafari })
    const snapshot = recorded.rows[0]?.detail.session
    expect(snapshot).toMatchObject({ city: "Köln", country: "DE", createdAt: own.createdAt })
  })

  it("that is refused is recorded for the account, not for an address that has none", async () => {
    const { email, userId } = await signedUp()
    const stranger = newBrowser({ userAgent: iphoneSafari })
    const recorded = await recordedBy(userId, async () => {
      expect((await stranger.signIn(email, { password: "a wrong password" })).status).toBe(401)
      await expect.poll(async () => (await activityOf(userId)).at(-1)?.kind).toBe("sign-in-failed")
    })
    expect(summarize(recorded)).toEqual([
      {
        event: "sign-in-failed",
        sessionId: null,
        ...byUser(stranger.address),
        reason: "password",
      },
    ])

    const log = listenToLog()
    const unknown = newEmail()
    expect((await stranger.signIn(unknown)).status).toBe(401)
    const failed = () => log.events().filter(({ event }) => event === "sign-in-failed")
    await expect.poll(failed).toHaveLength(1)
    expect(failed()[0]).toMatchObject({ userId: null, reason: "unknown-address" })
    expect(log.text()).not.toContain(unknown)
  })
})

describe("ending", () => {
  it("is recorded for a sign-out", async () => {
    const { browser, userId, sessionId } = await signedUp()
    const before = await browser.session()
    const recorded = await recordedBy(userId, () => browser.post("/sign-out"))
    expect(summarize(recorded)).toEqual([
      { event: "sign-out", sessionId, ...byUser(browser.address), reason: null },
    ])
    expect(recorded.rows[0]?.detail.session).toMatchObject({
      userAgent: macChrome,
      createdAt: before.session.createdAt,
    })
  })

  it("is recorded for a call of auth.api with a request's headers", async () => {
    const { browser, userId, sessionId } = await signedUp()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const headers = new Headers({ cookie, [clientAddressHeader]: "192.0.2.7" })
    const recorded = await recordedBy(userId, () => auth.api.signOut({ headers }))
    expect(summarize(recorded)).toEqual([
      { event: "sign-out", sessionId, ...byUser("192.0.2.7"), reason: null },
    ])
  })

  it("is recorded for another device, with what that was and from where it was ended", async () => {
    const { browser, userId, phoneId, phone } = await twoDevices()
    await browser.post("/rename-session", { id: phoneId, name: "Old phone" })
    const recorded = await recordedBy(userId, () =>
      browser.post("/revoke-session", { id: phoneId }),
    )
    expect(summarize(recorded)).toEqual([
      { event: "session-revoked", sessionId: phoneId, ...byUser(browser.address), reason: "user" },
    ])
    expect(recorded.rows[0]).toMatchObject({ userAgent: macChrome, city: "Köln" })
    expect(recorded.rows[0]?.detail.session).toMatchObject({
      name: "Old phone",
      userAgent: iphoneSafari,
      ipAddress: phone.address,
      city: null,
    })
    expect(recorded.lines[0]?.device).toBe("Chrome on macOS")
  })

  it.each([
    ["/revoke-other-sessions", 1],
    ["/revoke-sessions", 2],
  ])("is recorded for each session that %s ends", async (path, count) => {
    const { browser, userId, sessionId, phoneId } = await twoDevices()
    const recorded = await recordedBy(userId, () => browser.post(path))
    const event = { event: "session-revoked", ...byUser(browser.address), reason: "user" }
    const ended = [phoneId, sessionId].slice(0, count).map((id) => ({ ...event, sessionId: id }))
    expect(summarize(recorded)).toHaveLength(count)
    expect(summarize(recorded)).toEqual(expect.arrayContaining(ended))
  })

  it("is recorded for a session that is signed in over", async () => {
    const { browser, email, userId, sessionId } = await signedUp()
    const recorded = await recordedBy(userId, () => browser.signIn(email))
    const { session: own } = await browser.session()
    const from = byUser(browser.address)
    expect(summarize(recorded)).toEqual([
      { event: "sign-in", sessionId: own.id, ...from, reason: null },
      { event: "session-revoked", sessionId, ...from, reason: "replaced" },
    ])
  })

  it("is recorded as nobody's doing for a session that has expired", async () => {
    const { browser, userId, sessionId } = await signedUp()
    await db
      .update(session)
      .set({ expiresAt: sql`now() - interval '1 minute'` })
      .where(eq(session.id, sessionId))
    const recorded = await recordedBy(userId, () =>
      browser.call("/get-session?disableCookieCache=true"),
    )
    expect(summarize(recorded)).toEqual([
      { event: "session-expired", sessionId, actor: "system", ip: null, reason: "idle" },
    ])
    expect(recorded.rows[0]).toMatchObject({ userAgent: null, city: null })
    expect(recorded.lines[0]?.device).toBeNull()
  })

  it("is told from the absolute lifetime when the act knows it", async () => {
    const { userId, sessionId } = await signedUp()
    const own = eq(session.id, sessionId)
    await db
      .update(session)
      .set({
        createdAt: sql`now() - interval '2 hours'`,
        expiresAt: sql`now() - interval '1 hour'`,
      })
      .where(own)
    const recorded = await recordedBy(userId, () =>
      transactionAs({ absoluteLifetime: 3600 }, (tx) => tx.delete(session).where(own)),
    )
    expect(summarize(recorded)).toMatchObject([{ event: "session-expired", reason: "absolute" }])
  })

  it("is recorded for plain SQL, as done at the database", async () => {
    const { userId, sessionId } = await signedUp()
    await db.delete(session).where(eq(session.id, sessionId))
    expect((await activityOf(userId)).at(-1)).toMatchObject({
      kind: "session-revoked",
      actor: "system",
      sessionId,
      ipAddress: null,
      userAgent: null,
      detail: { reason: "database" },
    })
  })
})

describe("the account", () => {
  it("has a changed password recorded, and not the current session's new id", async () => {
    const { browser, userId, sessionId, phoneId } = await twoDevices()
    const recorded = await recordedBy(userId, () =>
      browser.post("/change-password", {
        currentPassword: password,
        newPassword: "a brand new password",
        revokeOtherSessions: true,
      }),
    )
    const from = byUser(browser.address)
    expect(summarize(recorded)).toEqual([
      { event: "session-revoked", sessionId: phoneId, ...from, reason: "password-changed" },
      { event: "password-changed", sessionId, ...from, reason: null },
    ])
    expect(recorded.rows[0]?.detail.bySessionId).toBe(sessionId)
    expect(await browser.list()).toHaveLength(1)
  })

  it("has a reset password recorded, with the sessions it ends", async () => {
    const { email, userId, sessionId } = await signedUp()
    await newBrowser().post("/request-password-reset", { email, redirectTo: "/reset-password" })
    // The one of the sign-up may come after it.
    const isReset = ({ to, text }: { to: string; text: string }) =>
      to === email && text.includes("/reset-password/")
    const mail = async () => (await listOutbox()).find(isReset)?.text
    await expect.poll(mail).toBeDefined()
    const token = /\/reset-password\/([^?]+)/.exec((await mail()) ?? "")?.[1]
    const stranger = newBrowser({ userAgent: iphoneSafari })
    const recorded = await recordedBy(userId, () =>
      stranger.post("/reset-password", { newPassword: "a brand new password", token }),
    )
    const from = byUser(stranger.address)
    expect(summarize(recorded)).toEqual([
      { event: "session-revoked", sessionId, ...from, reason: "password-reset" },
      { event: "password-reset", sessionId: null, ...from, reason: null },
    ])
  })

  it("has a verified address recorded, once", async () => {
    const { browser, email, userId } = await signedUp()
    const { secret } = await auth.$context
    const token = await createEmailVerificationToken(secret, email)
    const link = `/verify-email?token=${token}&callbackURL=/verify-email`
    const recorded = await recordedBy(userId, async () => {
      await browser.call(link)
      await browser.call(link)
    })
    expect(summarize(recorded)).toEqual([
      { event: "email-verified", sessionId: null, ...byUser(browser.address), reason: null },
    ])
  })

  it("has no event for a changed name", async () => {
    const { browser, userId } = await signedUp()
    const { rows } = await recordedBy(userId, () => browser.post("/update-user", { name: "Bea" }))
    expect(rows).toEqual([])
  })
})

describe("an administrator's acts", () => {
  const act = { actor: "admin", actorId: "admin-1", ipAddress: "192.0.2.1" } as const
  const change = (userId: string, values: Partial<typeof user.$inferInsert>) =>
    recordedBy(userId, () =>
      transactionAs(act, (tx) => tx.update(user).set(values).where(eq(user.id, userId))),
    )

  it("are recorded with who did it: role, ban and its end", async () => {
    const { userId } = await signedUp()
    const by = { actor: "admin", actorId: "admin-1", ipAddress: "192.0.2.1" }
    const promoted = await change(userId, { role: "admin" })
    expect(summarize(promoted)).toHaveLength(1)
    expect(promoted.rows).toMatchObject([
      { ...by, kind: "role-changed", detail: { from: "user", to: "admin" } },
    ])
    const banExpires = new Date(Date.now() + 60_000)
    const banned = await change(userId, { banned: true, banReason: "spam", banExpires })
    expect(summarize(banned)).toHaveLength(2)
    expect(banned.rows).toMatchObject([
      {
        ...by,
        kind: "user-banned",
        detail: { banReason: "spam", banExpires: banExpires.toISOString() },
      },
      { ...by, kind: "session-revoked", detail: { reason: "banned" } },
    ])
    const unbanned = await change(userId, { banned: false, banReason: null, banExpires: null })
    expect(unbanned.rows).toMatchObject([{ ...by, kind: "user-unbanned" }])
  })

  it("do not include the end of a ban that has run out", async () => {
    const { userId } = await signedUp()
    await change(userId, { banned: true, banExpires: new Date(Date.now() - 60_000) })
    const { rows } = await change(userId, { banned: false, banExpires: null })
    expect(rows).toMatchObject([{ kind: "user-unbanned", actor: "system", actorId: null }])
  })

  it("are impersonations, from their beginning to the sign-out from within", async () => {
    const { browser, userId, sessionId } = await signedUp()
    const { userId: adminId } = await signedUpAdmin()
    const began = await recordedBy(userId, () =>
      transactionAs(act, (tx) =>
        tx.insert(session).values({
          id: randomUUID(),
          token: randomUUID(),
          userId,
          expiresAt: new Date(Date.now() + 60_000),
          impersonatedBy: adminId,
          ipAddress: "192.0.2.1",
        }),
      ),
    )
    expect(began.rows).toMatchObject([
      { kind: "impersonation-started", actor: "admin", actorId: adminId, ipAddress: "192.0.2.1" },
    ])
    await db.update(session).set({ impersonatedBy: "admin-2" }).where(eq(session.id, sessionId))
    const ended = await recordedBy(userId, () => browser.post("/sign-out"))
    expect(summarize(ended)).toEqual([
      {
        event: "impersonation-ended",
        sessionId,
        actor: "admin",
        ip: browser.address,
        reason: null,
      },
    ])
    expect(ended.rows[0]?.actorId).toBe("admin-2")
  })
})
