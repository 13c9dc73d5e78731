import { sql } from "drizzle-orm"
import { expect, it } from "vitest"
import { db } from "@/lib/db"
import { signedUp } from "@/lib/testing/browser"
import { days } from "@/lib/time"
import { readEndings } from "./read"
import { endingKinds } from "./view"
import "@/lib/testing/database"

/** Ended sessions, `age` seconds ago, of all kinds in turn. */
const add = (userId: string, total: number, age: number) =>
  db.execute(sql`
    insert into activity (user_id, kind, actor, at)
    select ${userId}, (array[${sql.join(
      endingKinds.map((kind) => sql`${kind}`),
      sql`, `,
    )}])[n % ${endingKinds.length}::int + 1],
      'system', now() - make_interval(secs => ${age}::int)
    from generate_series(1, ${total}::int) n`)

it("all sessions that ended within 30 days are found, and no older one takes their place", async () => {
  const { userId } = await signedUp()
  await add(userId, 120, days(29))
  // What came later may be older: servers and restored backups have clocks of their own.
  await add(userId, 300, days(31))
  expect(await readEndings(userId, 201)).toHaveLength(120)
  await add(userId, 100, days(1))
  const found = await readEndings(userId, 201)
  expect(found).toHaveLength(201)
  const ids = found.map(({ id }) => id)
  expect(ids).toEqual([...ids].sort((a, b) => b - a))
})
