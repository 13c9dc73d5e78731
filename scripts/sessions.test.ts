/** `npm run cleanup` and `npm run sessions:revoke`, each in a process of its own as it is in use. */

import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eq } from "drizzle-orm"
import { afterAll, beforeEach, describe, expect, it } from "vitest"
import type { Database } from "@/lib/db"
import { embeddedDatabase } from "@/lib/db/embedded"
import { acquireLock } from "@/lib/db/lock"
import { postgresDatabase } from "@/lib/db/postgres"
import { session, user } from "@/lib/db/schema"
import { ownUrl } from "@/lib/testing/own-database"
import { days, hours } from "@/lib/time"

const dataDir = mkdtempSync(join(tmpdir(), "sessions-scripts-"))
const databaseDir = join(dataDir, "db")

async function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", `scripts/${script}.ts`, ...args], {
    env: { ...process.env, DATABASE_URL: ownUrl ?? "", DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk
    })
  }
  const [code] = await once(child, "close")
  return { code, output }
}

/** The same database, which on PGlite only one process may have open. */
async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const db: Database = ownUrl ? postgresDatabase(ownUrl) : embeddedDatabase(databaseDir)
  try {
    return await work(db)
  } finally {
    await (db.$client.end ?? db.$client.close)?.()
  }
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
const began = new Date("2026-10-15T12:00:00Z")
const later = new Date("2026-11-15T12:00:00Z")

/** Ana has two live sessions and an expired one, Ben one live one. */
const people = ["ana", "ben"] as const
beforeEach(() =>
  withDatabase(async (db) => {
    await db.delete(user)
    const row = (userId: string, createdAt: Date, expiresAt: Date) => ({
      id: randomUUID(),
      token: randomUUID(),
      userId,
      createdAt,
      expiresAt,
    })
    await db.insert(user).values(people.map((id) => ({ id, name: id, email: `${id}@example.com` })))
    await db
      .insert(session)
      .values([
        row("ana", began, ago(-hours(1))),
        row("ana", later, ago(-hours(1))),
        row("ana", began, ago(hours(1))),
        row("ben", later, ago(-hours(1))),
      ])
  }),
)

afterAll(() => withDatabase((db) => db.delete(user)))

const sessionsOf = (userId: string) =>
  withDatabase((db) => db.select().from(session).where(eq(session.userId, userId)))

/** How many sessions both have. */
const counts = async () => [(await sessionsOf("ana")).length, (await sessionsOf("ben")).length]

describe("npm run cleanup", () => {
  it("deletes what has expired, and says how much that was", async () => {
    const { code, output } = await run("cleanup")
    expect(output).toMatch(/^Deleted \d+ expired sessions, /m)
    expect(code).toBe(0)
    const left = await sessionsOf("ana")
    expect(left.every(({ expiresAt }) => expiresAt > new Date())).toBe(true)
  })

  it("moves no end that the limits of its environment do not allow, unless asked to", async () => {
    const endless = ago(-days(10))
    await withDatabase((db) => db.update(session).set({ expiresAt: endless, createdAt: ago(60) }))
    expect((await run("cleanup")).output).toMatch(/; 0 sessions end sooner/)
    expect((await sessionsOf("ben"))[0]?.expiresAt).toEqual(endless)
    const { code, output } = await run("cleanup", "--apply-limits")
    expect(output).toMatch(/; 4 sessions end sooner/)
    expect(code).toBe(0)
    expect((await sessionsOf("ben"))[0]?.expiresAt.getTime()).toBeLessThan(endless.getTime())
  }, 60_000)

  if (!ownUrl) {
    it("says that there is nothing to do while the server has the embedded database", async () => {
      const { release } = acquireLock(`${databaseDir}.lock`)
      try {
        const { code, output } = await run("cleanup")
        expect(code).toBe(1)
        expect(output).toContain(`in use by process ${process.pid}`)
        expect(output).toContain("it cleans up every hour")
      } finally {
        release()
      }
    })
  }
})

describe("npm run sessions:revoke", () => {
  it("says how many there are, and ends none without --yes where nobody can answer", async () => {
    const { code, output } = await run("revoke-sessions", "--all")
    expect(output).toContain("Sessions of everyone: 4, of 2 users.")
    expect(output).toContain("Nothing was ended. Add --yes")
    expect(code).toBe(1)
    expect(await counts()).toEqual([3, 1])
  })

  it("ends everyone's with --all", async () => {
    const { code, output } = await run("revoke-sessions", "--all", "--yes")
    expect(output).toContain("Done: 4 sessions have ended.")
    expect(code).toBe(0)
    expect(await counts()).toEqual([0, 0])
  })

  it("ends one user's with --user, however the address is written", async () => {
    const { code } = await run("revoke-sessions", "--user", "Ana@Example.com", "--yes")
    expect(code).toBe(0)
    expect(await counts()).toEqual([0, 1])
  })

  it("ends those that began before a date, of one user when both are named", async () => {
    const both = ["--user", "ben@example.com", "--before", "2026-11-01"]
    expect((await run("revoke-sessions", ...both, "--yes")).output).toContain(": 0, of 0 users.")
    expect(await counts()).toEqual([3, 1])
    const { output } = await run("revoke-sessions", "--before", "2026-11-01", "--yes")
    expect(output).toContain("that began before 1 Nov 2026, 00:00:00 UTC: 2, of 1 users.")
    expect(await counts()).toEqual([1, 1])
  })

  it.each([
    ["nothing said", [], "Say which sessions."],
    ["too much said", ["--all", "--user", "ana@example.com"], "--all leaves nothing to choose."],
    ["an empty variable", ["--user", ""], "--user names nobody."],
    ["a user there is not", ["--user", "eve@example.com"], "Nobody has the email address"],
    ["a date that is none", ["--before", "yesterday"], "yesterday is no date."],
    ["an option there is not", ["--everyone"], "Unknown option"],
  ])("ends nothing and says how it is used: %s", async (_what, args, sentence) => {
    const { code, output } = await run("revoke-sessions", ...args, "--yes")
    expect(output).toContain(sentence)
    expect(output).toContain("Usage: npm run sessions:revoke")
    expect(code).toBe(1)
    expect(await counts()).toEqual([3, 1])
  })
})
