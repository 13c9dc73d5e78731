/** Ending many sessions, on a database of this file's own, which is made slow and busy by triggers. */
import "@/lib/testing/own-database"

import { sql } from "drizzle-orm"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { user } from "@/lib/db/schema"
import { countSessions, revokeMany } from "@/lib/sessions/revoke"
import { listenToLog } from "@/lib/testing/activity"
import { ownUrl } from "@/lib/testing/own-database"
import "@/lib/testing/database"

const everyone = {}

beforeEach(async () => {
  await db.delete(user)
  await db.insert(user).values({ id: "ana", name: "Ana", email: "ana@example.com" })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await db.execute(sql`drop function if exists meddle cascade`)
})

const addSessions = (total: number) =>
  db.execute(sql`
    insert into session (id, token, user_id, expires_at)
    select gen_random_uuid()::text, gen_random_uuid()::text, 'ana', now() + interval '1 hour'
    from generate_series(1, ${total}::int)`)

/** Runs SQL after each deletion of sessions; `ended` has them, `total` is their number. */
async function afterDeletion(statements: string): Promise<void> {
  await db.execute(
    sql.raw(`
      create function meddle() returns trigger language plpgsql as $$
      declare total int := (select count(*) from ended);
      begin ${statements} return null; end $$`),
  )
  await db.execute(sql`
    create trigger meddled after delete on session referencing old table as ended
    for each statement execute function meddle()`)
}

async function revokeAll() {
  const reported: number[] = []
  const ended = await revokeMany(everyone, (count) => reported.push(count))
  return { ended, reported }
}

describe("revokeMany", () => {
  it("does not end a session that begins meanwhile, and comes to an end", async () => {
    await addSessions(3)
    await afterDeletion(`
      insert into session (id, token, user_id, created_at, expires_at)
      select gen_random_uuid(), gen_random_uuid(), user_id, clock_timestamp(), now() + interval '1 hour'
      from ended;`)
    expect(await revokeAll()).toEqual({ ended: 3, reported: [3] })
    expect(await countSessions(everyone)).toEqual({ sessions: 3, users: 1 })
  })

  it.each(["57014", "40P01"])("tries fewer at a time after %s", async (code) => {
    const log = listenToLog()
    await addSessions(600)
    await afterDeletion(
      `if total > 260 then raise exception 'busy' using errcode = '${code}'; end if;`,
    )
    expect(await revokeAll()).toEqual({ ended: 600, reported: [250, 500, 600] })
    expect(await countSessions(everyone)).toEqual({ sessions: 0, users: 0 })
    expect(log.text()).not.toContain("The database cannot answer")
  })

  it("says what has ended when the database cannot end even a few", async () => {
    await addSessions(120)
    await afterDeletion(`
      if (select count(*) from session) < 60 then raise exception 'busy' using errcode = '57014'; end if;`)
    await expect(revokeAll()).rejects.toThrow(
      "Stopped after 50: the database cannot end even 50 sessions within 10 seconds (57014)",
    )
    expect(await countSessions(everyone)).toEqual({ sessions: 70, users: 1 })
  })

  it("does not try again what the database refuses", async () => {
    await addSessions(2)
    await afterDeletion("raise exception 'no' using errcode = '23514';")
    await expect(revokeAll()).rejects.toMatchObject({ code: "23514" })
  })

  if (ownUrl) {
    it("has more time than a request", async () => {
      await addSessions(5)
      await afterDeletion("if total > 0 then perform pg_sleep(3); end if;")
      expect(await revokeAll()).toEqual({ ended: 5, reported: [5] })
    }, 20_000)
  }
})

describe("countSessions", () => {
  it("does not know the number when counting is stopped", async () => {
    const log = listenToLog()
    const failure = Object.assign(new Error("too slow"), { code: "57014" })
    vi.spyOn(db, "transaction").mockRejectedValue(failure)
    expect(await countSessions(everyone)).toBeNull()
    expect(log.text()).toBe("")
  })
})
