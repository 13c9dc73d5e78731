/** Databases of earlier versions, with rows in them, come up to date. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { PGlite } from "@electric-sql/pglite"
import { describe, expect, it } from "vitest"
import journal from "@/drizzle/meta/_journal.json"

const apply = async (database: PGlite, tags: string[]) => {
  for (const tag of tags) {
    const text = readFileSync(join(process.cwd(), "drizzle", `${tag}.sql`), "utf8")
    for (const statement of text.split("--> statement-breakpoint")) await database.exec(statement)
  }
}

describe("a database of before each user had one row of the feed", () => {
  it("keeps what is news of each, and has one row of them from then on", async () => {
    const database = await PGlite.create("memory://")
    const tags = journal.entries.map(({ tag }) => tag)
    await apply(database, tags.slice(0, 5))
    await database.exec(`
      insert into "user" (id, name, email) values ('a', 'a', 'a'), ('b', 'b', 'b'), ('c', 'c', 'c');
      insert into session (id, token, user_id, expires_at)
        select n::text, n::text, 'a', now() + interval '1 day' from generate_series(1, 3) n;
      delete from session;
      update "user" set name = 'one';
      update "user" set name = 'two' where id <> 'c';
      update "user" set name = 'three' where id = 'a';`)
    await database.exec("begin")
    await apply(database, tags.slice(5))
    await database.exec("commit")
    const state = async () =>
      (
        await database.query<{ id: string; isNewest: boolean }>(`
          select user_id as id, user_updated_at = updated_at as "isNewest"
          from session_invalidation join "user" on "user".id = user_id order by 1`)
      ).rows
    const all = ["a", "b", "c"].map((id) => ({ id, isNewest: true }))
    expect(await state()).toEqual(all)
    await database.exec(`update "user" set name = 'four'`)
    expect(await state()).toEqual(all)
    const { rows } = await database.query("select from session_invalidation where session_id <> ''")
    expect(rows).toHaveLength(3)
    await database.close()
  }, 60_000)
})
