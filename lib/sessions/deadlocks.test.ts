/**
 * Everybody who ends or begins several sessions, at once and on the same users: nobody waits in a circle.
 * DEADLOCK_SECONDS=600 runs it as long as a change of the rules deserves.
 */
import "@/lib/testing/own-database"

import { sql } from "drizzle-orm"
import { expect, it } from "vitest"
import { ban, unban } from "@/lib/admin/acts"
import { cleanUp } from "@/lib/cleanup"
import { db } from "@/lib/db"
import { rowsOf } from "@/lib/db/rows"
import { newBrowser, password, signedUp } from "@/lib/testing/browser"
import { ownUrl } from "@/lib/testing/own-database"
import { revokeMany } from "./revoke"
import "@/lib/testing/database"

const seconds = Number(process.env.DEADLOCK_SECONDS ?? 8)

/** Live and expired sessions of one user, unless banned at the moment. */
const addSessions = (userId: string) =>
  db.execute(sql`
    with holder as materialized (
      select id from "user" where id = ${userId} and banned is not true for no key update
    )
    insert into session (id, token, user_id, expires_at)
    select gen_random_uuid()::text, gen_random_uuid()::text, id,
      now() + (random() - 0.5) * interval '1 hour'
    from holder, generate_series(1, 500)`)

const title = `no deadlock reaches a user in ${seconds} s of ending many from all sides`

it(title, { timeout: (seconds + 60) * 1000 }, async ({ skip }) => {
  skip(!ownUrl, "the embedded database does one thing at a time")
  const people = await Promise.all(Array.from({ length: 6 }, () => signedUp()))
  const end = Date.now() + seconds * 1000
  const done: Record<string, number> = {}
  const again = async (name: string, act: (round: number) => Promise<unknown>) => {
    for (let round = 0; Date.now() < end; round++) {
      await act(round)
      done[name] = (done[name] ?? 0) + 1
    }
  }
  const personOf = (round: number) => people[round % people.length] as (typeof people)[number]
  const expectAnswer = async (answer: Promise<Response>) =>
    expect([200, 401, 403, 404]).toContain((await answer).status)

  await Promise.all([
    again("rows added", (round) => addSessions(personOf(round).userId)),
    ...people.map((person) =>
      again("signed out all others", async () => {
        if ((await person.browser.post("/revoke-other-sessions")).status === 200) return
        await expectAnswer(person.browser.signIn(person.email))
      }),
    ),
    again("signed out", async (round) => {
      const browser = newBrowser()
      await expectAnswer(browser.signIn(personOf(round).email))
      await expectAnswer(browser.post("/sign-out"))
    }),
    again("password changed", async (round) => {
      const browser = newBrowser()
      await expectAnswer(browser.signIn(personOf(round).email))
      const body = { currentPassword: password, newPassword: password, revokeOtherSessions: true }
      await expectAnswer(browser.post("/change-password", body))
    }),
    again("banned", async (round) => {
      const { userId } = personOf(round)
      await ban({ actor: "system" }, userId, { reason: "Spam", expiresAt: null })
      await unban({ actor: "system" }, userId)
    }),
    again("ended by the script", () => revokeMany({}, () => {})),
    again("cleaned up", () => cleanUp()),
    again("users deleted", async () => {
      await db.execute(sql`
        with added as (
          insert into "user" (id, name, email)
          select n, n, n || '@example.com' from (
            select gen_random_uuid()::text as n from generate_series(1, 5)
          ) names returning id
        )
        insert into session (id, token, user_id, expires_at)
        select gen_random_uuid()::text, gen_random_uuid()::text, id, now() + interval '1 hour'
        from added, generate_series(1, 20)`)
      await db.execute(
        sql`delete from "user" where email not like '%-%@example.com' or name <> 'Ana'`,
      )
    }),
  ])
  console.warn(done)
  const [row] = await rowsOf<{ deadlocks: number }>(
    db.execute(sql`
      select deadlocks::int from pg_stat_database where datname = current_database()`),
  )
  expect(row?.deadlocks).toBe(0)
})
