/** Dumps, as docs/deploy.md has them made and put back: what was revoked stays so, and nothing is told twice. */
import { spawnSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { drizzle } from "drizzle-orm/postgres-js"
import { migrate } from "drizzle-orm/postgres-js/migrator"
import postgres from "postgres"
import { afterAll, describe, expect, it } from "vitest"
import { migratePostgres } from "./migrate"

const server = process.env.DATABASE_URL
const hasTools = spawnSync("pg_dump", ["--version"]).status === 0

/** The flags of the guide. */
const dataOnly = [
  "--data-only",
  "--disable-triggers",
  "--schema=public",
  "--exclude-table=session_invalidation",
]

describe("a dump", () => {
  if (!server || !hasTools) {
    const reason = server ? "pg_dump is not installed" : "the embedded database has no pg_dump"
    it("is put back", ({ skip }) => skip(true, reason))
    return
  }
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  const made: string[] = []
  const older = mkdtempSync(join(tmpdir(), "older-"))
  afterAll(async () => {
    for (const name of made) await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
    rmSync(older, { recursive: true, force: true })
  })

  async function newDatabase(): Promise<string> {
    const name = `restore_${randomUUID().replaceAll("-", "")}`
    await admin.unsafe(`create database ${name}`)
    made.push(name)
    const url = new URL(server ?? "")
    url.pathname = `/${name}`
    return url.href
  }

  async function using<T>(url: string, work: (client: postgres.Sql) => Promise<T>): Promise<T> {
    const client = postgres(url, { max: 1, onnotice: () => {} })
    return work(client).finally(() => client.end())
  }

  /** Migrates as a checkout did that had the first five migrations. */
  async function migrateToOlder(url: string) {
    cpSync(join(process.cwd(), "drizzle"), older, { recursive: true })
    const file = join(older, "meta/_journal.json")
    const journal = JSON.parse(readFileSync(file, "utf8"))
    writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 5) }))
    await using(url, (client) => migrate(drizzle(client), { migrationsFolder: older }))
  }

  const fill = (url: string) =>
    using(url, async (client) => {
      await client`insert into "user" (id, name, email) values ('a', 'Ana', 'a'), ('b', 'Bea', 'b')`
      await client`
        insert into session (id, token, user_id, expires_at)
        select u.id || n, u.id || n, u.id, now() + interval '1 day' from "user" u, generate_series(1, 3) n`
      await client`delete from session where id in ('a1', 'b1')`
      await client`update "user" set name = 'Anna' where id = 'a'`
      await client`update "user" set name = 'Annie' where id = 'a'`
    })

  /** What must be the same afterwards. */
  const stateOf = (url: string) =>
    using(url, async (client) => ({
      users: [...(await client`select * from "user" order by id`)],
      sessions: [...(await client`select * from session order by id`)],
      activity: [...(await client`select * from activity order by id`)],
    }))

  /** That life goes on: an ending and a change are told once each. */
  const checkAlive = (url: string) =>
    using(url, async (client) => {
      const counts = async () => {
        const [row] = await client`
          select (select count(*)::int from activity) as events,
            (select count(*)::int from session_invalidation) as news`
        return row as { events: number; news: number }
      }
      // As the guide says: no copy from before is believed.
      await client`truncate session_invalidation`
      const [row] = await client`select session_id, user_id from session_invalidation`
      expect(row).toEqual({ session_id: null, user_id: null })
      const before = await counts()
      await client`delete from session where id = 'b2'`
      await client`update "user" set name = 'Ana' where id = 'a'`
      expect(await counts()).toEqual({ events: before.events + 1, news: before.news + 2 })
    })

  const run = (command: string, args: string[], input?: Buffer) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      input,
      maxBuffer: 64 * 1024 * 1024,
    })
    return { status, stdout, stderr: stderr.toString() }
  }
  const dump = (url: string, flags: string[]) => {
    const made = run("pg_dump", [...flags, url])
    expect(made.stderr).toBe("")
    return made.stdout
  }
  const restore = (url: string, text: Buffer) =>
    run("psql", ["--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", url], text)

  const none = async () => {}
  it.each([
    ["of the data, into a migrated database", migratePostgres, dataOnly, migratePostgres],
    ["of everything, into an empty database", migratePostgres, [], none],
    ["of the data, into an older database", migratePostgres, dataOnly, migrateToOlder],
    [
      "of the data of an older one, into a migrated database",
      migrateToOlder,
      dataOnly,
      migratePostgres,
    ],
    ["of everything of an older one, into an empty database", migrateToOlder, [], none],
  ])("%s: sessions, endings and events are what they were", async (_, prepare, flags, target) => {
    const source = await newDatabase()
    await prepare(source)
    await fill(source)
    const before = await stateOf(source)
    expect(before.sessions.map(({ id }) => id)).toEqual(["a2", "a3", "b2", "b3"])
    const copy = await newDatabase()
    await target(copy)
    expect(restore(copy, dump(source, flags))).toMatchObject({ status: 0, stderr: "" })
    expect(await stateOf(copy)).toEqual(before)
    await migratePostgres(copy)
    expect(await stateOf(copy)).toEqual(before)
    await checkAlive(copy)
  })

  it("of the data without the guide's flag is refused as a whole, not taken in part", async () => {
    const source = await newDatabase()
    await migratePostgres(source)
    await fill(source)
    const copy = await newDatabase()
    await migratePostgres(copy)
    const text = dump(source, ["--data-only", "--schema=public"])
    expect(restore(copy, text).stderr).toContain("activity_pkey")
    expect((await stateOf(copy)).users).toEqual([])
  })
})
