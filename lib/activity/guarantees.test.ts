/** What the activity promises beside being there: whole or not at all, unforgeable, nothing secret in it. */
import { randomUUID } from "node:crypto"
import { eq, sql } from "drizzle-orm"
import { afterEach, describe, expect, it } from "vitest"
import { auth } from "@/lib/auth"
import { db } from "@/lib/db"
import { DatabaseError, watchForOutage } from "@/lib/db/errors"
import { rowsOf } from "@/lib/db/rows"
import { activity, session, user } from "@/lib/db/schema"
import { listOutbox } from "@/lib/mail/outbox"
import { activityOf, listenToLog, recordedBy } from "@/lib/testing/activity"
import { iphoneSafari, newBrowser, password, signedUp } from "@/lib/testing/browser"
import { transactionAs, withAct } from "./act"
import { mostLines } from "./log"

const sessionsOf = (userId: string) => db.select().from(session).where(eq(session.userId, userId))

async function addSessions(userId: string, count: number) {
  await db.insert(session).values(
    Array.from({ length: count }, () => ({
      id: randomUUID(),
      token: randomUUID(),
      userId,
      expiresAt: new Date(Date.now() + 3_600_000),
    })),
  )
}

describe("an act that cannot be recorded", () => {
  const refuse = (userId: string) =>
    db.execute(
      sql.raw(
        `alter table activity add constraint refused check (user_id <> '${userId}') not valid`,
      ),
    )
  afterEach(async () => {
    await db.execute(sql`alter table activity drop constraint if exists refused`)
  })

  it("is not done, and says so: a sign-out leaves session and cookie", async () => {
    const { browser, userId, sessionId } = await signedUp()
    await refuse(userId)
    const log = listenToLog()
    const response = await browser.post("/sign-out")
    expect(response.status).toBe(500)
    expect(response.headers.getSetCookie()).toEqual([])
    expect((await browser.session()).session.id).toBe(sessionId)
    expect(await sessionsOf(userId)).toHaveLength(1)
    expect((await activityOf(userId)).map(({ kind }) => kind)).toEqual(["sign-up", "sign-in"])
    expect(log.text()).not.toContain('"event"')
  })

  it("is not done in part: a changed password takes no session with it", async () => {
    const { browser, email, userId } = await signedUp()
    await newBrowser().signIn(email)
    await refuse(userId)
    const response = await browser.post("/change-password", {
      currentPassword: password,
      newPassword: "a brand new password",
      revokeOtherSessions: true,
    })
    expect(response.status).toBe(500)
    await db.execute(sql`alter table activity drop constraint refused`)
    expect(await browser.list()).toHaveLength(2)
    expect((await newBrowser().signIn(email)).status).toBe(200)
  })

  it("does not turn a refused sign-in into something else", async () => {
    const { email, userId } = await signedUp()
    await refuse(userId)
    const log = listenToLog()
    const response = await newBrowser().signIn(email, { password: "a wrong password" })
    expect(response.status).toBe(401)
    await expect.poll(() => log.text()).toContain("A refused sign-in could not be recorded.")
  })
})

/** From now on the database counts the statements that delete sessions of this user. */
async function countDeletes(userId: string): Promise<() => Promise<number>> {
  await db.execute(sql`create table deletes (at timestamptz default now())`)
  await db.execute(
    sql.raw(`
      create function count_delete() returns trigger language plpgsql as $$
      begin
        insert into deletes select now() where exists (select from gone where user_id = '${userId}');
        return null;
      end $$`),
  )
  await db.execute(sql`
    create trigger deletes_counted after delete on session referencing old table as gone
    for each statement execute function count_delete()`)
  return async () => {
    await db.execute(sql`drop trigger deletes_counted on session`)
    const [row] = await rowsOf<{ count: number }>(
      db.execute(sql`select count(*)::int as count from deletes`),
    )
    return row?.count ?? 0
  }
}

describe("a line", () => {
  it("is one line, whatever the client wrote", async () => {
    const { browser, userId, sessionId } = await signedUp({ userAgent: "Firefox/1 \u0085\u00ad x" })
    const forged = '\n{"event":"sign-in","userId":"eve"}\r\u2028\u202e\u001b[2J curl'
    const log = listenToLog()
    await transactionAs({ actor: "user", userAgent: forged, reason: forged }, (tx) =>
      tx.delete(session).where(eq(session.id, sessionId)),
    )
    await browser.signIn("nobody@example.com")
    await expect.poll(() => log.events().length).toBe(2)
    expect(log.events().map(({ event }) => event)).toEqual(["session-revoked", "sign-in-failed"])
    expect(log.events()[0]).toMatchObject({ userId, sessionId })
    for (const line of log.events()) {
      expect(JSON.stringify(Object.values(line))).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\u0080-\u009f]/u)
      expect(Object.values(line).join("")).not.toMatch(/\p{Cc}/u)
    }
    expect((await activityOf(userId)).at(-1)?.userAgent).toBe(forged)
  })

  it("is written once what it tells is committed, and not when it is rolled back", async () => {
    const { userId } = await signedUp()
    const log = listenToLog()
    const failing = transactionAs({ actor: "system" }, async (tx) => {
      await tx.delete(session).where(eq(session.userId, userId))
      throw new Error("changed my mind")
    })
    await expect(failing).rejects.toThrow("changed my mind")
    expect(log.text()).toBe("")
    expect(await sessionsOf(userId)).toHaveLength(1)
  })

  it("stands for many more after the first hundred", async () => {
    const { browser, userId } = await signedUp()
    await addSessions(userId, 1_000)
    const deletes = await countDeletes(userId)
    const started = performance.now()
    const { rows, lines } = await recordedBy(userId, async () => {
      const response = await browser.post("/revoke-other-sessions")
      expect(await response.json()).toEqual({ status: true, revoked: 1_000 })
    })
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(await deletes()).toBe(1)
    expect(rows).toHaveLength(1_000)
    expect(new Set(rows.map(({ transaction }) => transaction)).size).toBe(1)
    expect(lines).toHaveLength(mostLines)
  })

  it("says how many more there were", async () => {
    const { userId } = await signedUp()
    await addSessions(userId, mostLines + 5)
    const log = listenToLog()
    await transactionAs({ actor: "system", reason: "incident" }, (tx) =>
      tx.delete(session).where(eq(session.userId, userId)),
    )
    expect(log.events()).toHaveLength(mostLines + 1)
    expect(log.events().at(-1)).toMatchObject({ event: "more-events", count: 6 })
  })
})

describe("rows and lines", () => {
  it("hold no token, password, code or email address", async () => {
    const log = listenToLog()
    const { browser, email, userId } = await signedUp()
    const phone = newBrowser({ userAgent: iphoneSafari })
    await phone.signIn(email)
    const tokens = [browser.token(), phone.token()]
    await newBrowser().signIn(email, { password: "a wrong password" })
    await browser.post("/change-password", {
      currentPassword: password,
      newPassword: "a brand new password",
      revokeOtherSessions: true,
    })
    tokens.push(browser.token())
    await newBrowser().post("/request-password-reset", { email, redirectTo: "/reset-password" })
    // The one of the sign-up may come after it.
    const isReset = ({ to, text }: { to: string; text: string }) =>
      to === email && text.includes("/reset-password/")
    const mail = async () => (await listOutbox()).find(isReset)?.text
    await expect.poll(mail).toBeDefined()
    const code = /\/reset-password\/([^?]+)/.exec((await mail()) ?? "")?.[1] ?? ""
    await newBrowser().post("/reset-password", { newPassword: "yet another password", token: code })
    await expect.poll(async () => (await activityOf(userId)).length).toBe(8)
    await expect.poll(() => log.events().length).toBe(8)

    const secrets = [...tokens, code, email, password, "a wrong password"]
    secrets.push("a brand new password", "yet another password")
    const told = JSON.stringify(await activityOf(userId)) + log.text()
    for (const secret of secrets) {
      expect(secret).not.toBe("")
      expect(told).not.toContain(secret)
    }
  })

  it("stay as they were written", async () => {
    const { userId } = await signedUp()
    const rewrite = db.update(activity).set({ kind: "sign-out" }).where(eq(activity.userId, userId))
    await expect(rewrite).rejects.toMatchObject({
      cause: { message: "The activity is append-only." },
    })
  })

  it("go with their user", async () => {
    const { userId } = await signedUp()
    await addSessions(userId, 3)
    await db.delete(user).where(eq(user.id, userId))
    expect(await activityOf(userId)).toEqual([])
    expect(await sessionsOf(userId)).toEqual([])
  })
})

describe("transactionAs", () => {
  it("is part of a transaction that is under way", async () => {
    const { userId, sessionId } = await signedUp()
    const { adapter } = await auth.$context
    const where = [{ field: "id", value: sessionId }]
    const log = listenToLog()
    const failing = withAct({ actor: "admin", actorId: "admin-1", reason: "outer" }, () =>
      adapter.transaction(async (trx) => {
        await transactionAs({ actor: "system", reason: "inner" }, (tx) =>
          tx.update(user).set({ role: "admin" }).where(eq(user.id, userId)),
        )
        await trx.delete({ model: "session", where })
        throw new Error("changed my mind")
      }),
    )
    await expect(failing).rejects.toThrow("changed my mind")
    expect(await activityOf(userId)).toHaveLength(2)
    expect(log.text()).toBe("")

    await withAct({ actor: "admin", actorId: "admin-1", reason: "outer" }, () =>
      adapter.transaction(async (trx) => {
        await transactionAs({ actor: "system", reason: "inner" }, (tx) =>
          tx.update(user).set({ role: "admin" }).where(eq(user.id, userId)),
        )
        await trx.delete({ model: "session", where })
      }),
    )
    expect((await activityOf(userId)).slice(2)).toMatchObject([
      { kind: "role-changed", actor: "system", actorId: null },
      { kind: "session-revoked", actor: "admin", actorId: "admin-1", detail: { reason: "outer" } },
    ])
    expect(log.events()).toHaveLength(2)
  })

  it("has what is written through Better Auth's adapter in it", async () => {
    const { userId, sessionId } = await signedUp()
    const { adapter } = await auth.$context
    await transactionAs({ actor: "system", reason: "incident" }, () =>
      adapter.delete({ model: "session", where: [{ field: "id", value: sessionId }] }),
    )
    expect((await activityOf(userId)).slice(2)).toMatchObject([
      { kind: "session-revoked", actor: "system", sessionId, detail: { reason: "incident" } },
    ])
  })

  it("tells nothing of a failed query's parameters, and that it failed", async () => {
    const { userId } = await signedUp()
    const outcome = await watchForOutage(async () => {
      const twice = transactionAs({ actor: "system" }, (tx) =>
        tx.insert(user).values({ id: userId, name: "secret-name", email: "secret@example.com" }),
      )
      return twice.catch((error: unknown) => error)
    })
    expect(outcome).toMatchObject({ unavailable: false, refusedWrite: true })
    const error = outcome.unavailable ? null : outcome.value
    expect(error).toBeInstanceOf(DatabaseError)
    expect(String(error)).not.toContain("secret")
  })

  it("keeps an error that is not the database's as it is", async () => {
    const error = Object.assign(new Error("not there"), { code: "ENOENT" })
    await expect(transactionAs({}, () => Promise.reject(error))).rejects.toBe(error)
  })
})
