/** What ends with a change of password, and what cannot begin beside one. */
import { randomUUID } from "node:crypto"
import { eq, sql } from "drizzle-orm"
import { describe, expect, it } from "vitest"
import { transactionAs } from "@/lib/activity/act"
import { db } from "@/lib/db"
import { account, session, user, verification } from "@/lib/db/schema"
import { signedUpAdmin } from "@/lib/testing/admin"
import "@/lib/testing/database"
import { newBrowser, newEmail, password, signedUp } from "@/lib/testing/browser"

type Person = { userId: string; email: string }

/** Every form in which Better Auth and its plugins keep what could take an account. */
const verifications = {
  "a link to reset the password": ({ userId }: Person) => [
    `reset-password:${randomUUID()}`,
    userId,
  ],
  "a link to delete the account": ({ userId }: Person) => [
    `delete-account-${randomUUID()}`,
    userId,
  ],
  "a sign-in that waits for its second factor": ({ userId }: Person) => [
    `2fa-${randomUUID()}`,
    userId,
  ],
  "a trusted device": ({ userId }: Person) => [`trust-device-${randomUUID()}`, userId],
  "a link to sign in": ({ email }: Person) => [
    randomUUID(),
    JSON.stringify({ email, name: "Ana" }),
  ],
  "a code by mail": ({ email }: Person) => [`sign-in-otp-${email}`, "123456:0"],
  "a provider being linked": ({ userId }: Person) => [
    randomUUID(),
    JSON.stringify({ callbackURL: "/", link: { userId } }),
  ],
}

async function addVerification([identifier = "", value = ""]: string[]): Promise<string> {
  const id = randomUUID()
  const expiresAt = new Date(Date.now() + 3_600_000)
  await db.insert(verification).values({ id, identifier, value, expiresAt })
  return id
}

const exists = async (id: string) =>
  (await db.select().from(verification).where(eq(verification.id, id))).length > 0

async function newResetToken(person: Person): Promise<string> {
  const token = randomUUID()
  await addVerification([`reset-password:${token}`, person.userId])
  return token
}

const reset = (token: string, newPassword: string) =>
  newBrowser().post("/reset-password", { token, newPassword })

/** Each way to change a password or an address, for somebody who is signed in. */
const changes = {
  "whose account has another address now": async ({ userId, email }: Person) => {
    await db
      .update(user)
      .set({ email: `new-${email}` })
      .where(eq(user.id, userId))
  },
  "changed in the settings": async ({ browser }: Awaited<ReturnType<typeof signedUp>>) => {
    const body = {
      currentPassword: password,
      newPassword: "another one",
      revokeOtherSessions: true,
    }
    expect((await browser.post("/change-password", body)).status).toBe(200)
  },
  "reset by a link": async (person: Person) => {
    expect((await reset(await newResetToken(person), "another one")).status).toBe(200)
  },
  "written by plain SQL": async ({ userId }: Person) => {
    await db.update(account).set({ password: "x:y" }).where(eq(account.userId, userId))
  },
}

describe.each(Object.entries(changes))("a password %s", (_, change) => {
  it.each(Object.entries(verifications))(
    "ends %s from before, and nobody else's",
    async (_, rowOf) => {
      const [owner, other] = [await signedUp(), await signedUp()]
      const own = await addVerification(rowOf(owner))
      const others = await addVerification(rowOf(other))
      // An address that ends like the owner's is somebody else's.
      const similar = await addVerification(
        rowOf({ userId: `x${owner.userId}`, email: `x${owner.email}` }),
      )
      await change(owner)
      expect([await exists(own), await exists(others), await exists(similar)]).toEqual([
        false,
        true,
        true,
      ])
    },
  )
})

it("lets no link from before a change of password reset it again", async () => {
  const owner = await signedUp()
  const [first, second] = [await newResetToken(owner), await newResetToken(owner)]
  expect((await reset(second, "the owner's choice")).status).toBe(200)
  expect((await reset(first, "the thief's choice")).status).toBe(400)
  expect((await newBrowser().signIn(owner.email, { password: "the owner's choice" })).status).toBe(
    200,
  )
})

/** Does what another server may do between this one's look and its act: just before it is written. */
async function justBefore<T>(
  event: string,
  { userId }: Person,
  change: string,
  act: () => Promise<T>,
): Promise<T> {
  const name = sql.identifier(`before_${userId.toLowerCase()}`)
  await db.execute(
    sql`create function ${name}() returns trigger language plpgsql as ${sql.raw(`$$ begin
      if new.user_id = '${userId}' then ${change} end if; return new; end $$`)}`,
  )
  await db.execute(
    sql`create trigger a_change before ${sql.raw(event)} for each row execute function ${name}()`,
  )
  try {
    return await act()
  } finally {
    await db.execute(sql`drop function ${name} cascade`)
  }
}

const liveOf = ({ userId }: Person) => db.select().from(session).where(eq(session.userId, userId))

describe("what was checked and has changed meanwhile", () => {
  const newPassword = "update account set password = 'x:y' where user_id = new.user_id;"

  it("begins no session: the password", async () => {
    const person = await signedUp()
    const refused = await justBefore("insert on session", person, newPassword, () =>
      newBrowser().signIn(person.email),
    )
    expect([refused.status, (await refused.json()).code]).toEqual([
      401,
      "INVALID_EMAIL_OR_PASSWORD",
    ])
    expect(refused.headers.getSetCookie().join()).not.toContain("session_token=")
    expect(await liveOf(person)).toHaveLength(1)
    expect((await newBrowser().signIn(person.email)).status).toBe(200)
  })

  it.each([
    [
      "a ban",
      'update "user" set banned = true where id = new.user_id;',
      "CANNOT_IMPERSONATE_BANNED",
    ],
    [
      "a promotion",
      "update \"user\" set role = 'admin' where id = new.user_id;",
      "CANNOT_IMPERSONATE_ADMIN",
    ],
    [
      "a demotion",
      "update \"user\" set role = 'user' where id = new.impersonated_by;",
      "NOT_ADMIN",
    ],
    ["a sign-out", "delete from session where id = new.opened_by_session_id;", "UNAUTHORIZED"],
  ])("begins no impersonation: %s", async (_, change, code) => {
    const [admin, person] = [await signedUpAdmin(), await signedUp()]
    const refused = await justBefore("insert on session", person, change, () =>
      admin.browser.post("/admin/impersonate-user", { userId: person.userId }),
    )
    expect((await refused.json()).code).toBe(code)
    expect(await liveOf(person)).toHaveLength(1)
  })

  it("begins no second step: the password", async () => {
    const person = await signedUp()
    const begins = transactionAs({ provedPassword: "of another password" }, (tx) =>
      tx.insert(verification).values({
        id: randomUUID(),
        identifier: `2fa-${randomUUID()}`,
        value: person.userId,
        expiresAt: new Date(Date.now() + 60_000),
      }),
    )
    await expect(begins).rejects.toMatchObject({ code: "23B02" })
  })

  it("begins no impersonation: its user is gone", async () => {
    const [admin, person] = [await signedUpAdmin(), await signedUp()]
    const gone = `delete from "user" where id = new.user_id;`
    const refused = await justBefore("insert on session", person, gone, () =>
      admin.browser.post("/admin/impersonate-user", { userId: person.userId }),
    )
    expect([refused.status, (await refused.json()).code]).toEqual([404, "USER_NOT_FOUND"])
  })

  it("changes no password: the session that asks", async () => {
    for (const revokeOtherSessions of [true, false]) {
      const person = await signedUp()
      const body = {
        currentPassword: password,
        newPassword: "the thief's choice",
        revokeOtherSessions,
      }
      // Between the endpoint's look at the session and its first write.
      const ending = db.delete(session).where(eq(session.userId, person.userId))
      const [refused] = await Promise.all([person.browser.post("/change-password", body), ending])
      expect([400, 401]).toContain(refused.status)
      expect(await liveOf(person)).toEqual([])
      expect((await newBrowser().signIn(person.email)).status).toBe(200)
    }
  })
})

describe("written by plain SQL", () => {
  const future = sql`now() + interval '1 hour'`
  const past = sql`now() - interval '1 hour'`
  const values = (row: object) => (id: string) =>
    db
      .update(user)
      .set(row)
      .where(eq(user.id, id))
      .then(() => {})

  it.each([
    ["a ban", [values({ banned: true })], 0],
    ["a ban until later", [values({ banned: true, banExpires: future })], 0],
    ["a ban that is over", [values({ banned: true, banExpires: past })], 1],
    [
      "a ban that is prolonged",
      [values({ banned: true, banExpires: past }), values({ banExpires: future })],
      0,
    ],
    [
      "a ban that loses its end",
      [values({ banned: true, banExpires: past }), values({ banExpires: null })],
      0,
    ],
    ["an end without a ban", [values({ banExpires: future })], 1],
  ] as const)("%s is honoured by the sessions there are", async (_, writes, left) => {
    const person = await signedUp()
    for (const write of writes) await write(person.userId)
    expect(await liveOf(person)).toHaveLength(left)
    const status = left === 0 ? 401 : 200
    expect((await person.browser.post("/update-user", { name: "Ana B" })).status).toBe(status)
  })
})

it("gives an address to one of several who sign up with it at once", async () => {
  const email = newEmail()
  const answers = await Promise.all([1, 2, 3].map(() => newBrowser().signUp(email)))
  const codes = await Promise.all(
    answers.map(async (answer) => (await answer.json()).code ?? "done"),
  )
  const taken = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"
  expect(codes.sort()).toEqual([taken, taken, "done"])
})
