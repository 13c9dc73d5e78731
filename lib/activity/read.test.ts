import { sql } from "drizzle-orm"
import { beforeAll, describe, expect, it } from "vitest"
import { db } from "@/lib/db"
import { rowsOf } from "@/lib/db/rows"
import { signedUp } from "@/lib/testing/browser"
import { activityFilters } from "./filters"
import { queryRows } from "./read"

describe("the query of a page", () => {
  let userId: string

  // All the table is one user's and of one kind, which makes every other index look good as well.
  beforeAll(async () => {
    userId = (await signedUp()).userId
    await db.execute(sql`
      insert into activity (user_id, kind, actor)
      select ${userId}, 'sign-in-failed', 'system' from generate_series(1, 20000)`)
    await db.execute(sql`analyze activity`)
  })

  async function planOf(...query: Parameters<typeof queryRows>): Promise<string> {
    const plan = sql`explain ${queryRows(...query)}`
    const lines = await rowsOf<{ "QUERY PLAN": string }>(db.execute(plan))
    return lines.map((line) => line["QUERY PLAN"]).join("\n")
  }

  it.each(Object.entries(activityFilters))(
    "has its index for each kind of %s",
    async (_, kinds) => {
      for (const side of ["below", "above"] as const) {
        const plan = await planOf({ userId, kinds }, side, 10_000, 26)
        expect(plan).not.toContain("Seq Scan")
        const scans = plan.match(/Index Scan.* (using|on) activity_(\w+_idx|pkey)/g) ?? []
        for (const scan of scans) expect(scan).toContain("activity_user_id_idx")
        expect(plan.match(/Index Cond: .*user_id.*kind.*id/g)).toHaveLength(kinds.length)
      }
    },
  )
})
