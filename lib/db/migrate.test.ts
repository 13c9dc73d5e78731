import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import postgres from "postgres"
import { describe, expect, it } from "vitest"
import { isMigrated, openDatabase } from "./migrate"

const server = process.env.DATABASE_URL

/** `npm run db:migrate` in a process of its own; answers its exit code. */
async function migrateProcess(env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/migrate.ts"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  })
  const [code] = await once(child, "exit")
  return code
}

/** Runs `work` with the address of a new, empty database on the test server. */
async function withEmptyDatabase(url: string, work: (url: string) => Promise<void>) {
  const name = `migrate_${Math.random().toString(36).slice(2)}`
  const admin = postgres(url, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  try {
    await work(own.href)
  } finally {
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
  }
}

describe("the database under test", () => {
  it("is migrated", async () => {
    await openDatabase()
    expect(await isMigrated()).toBe(true)
  })
})

describe("db:migrate", () => {
  if (server) {
    it("is safe from eight processes at once, on Postgres", async () => {
      await withEmptyDatabase(server, async (url) => {
        const runs = Array.from({ length: 8 }, () => migrateProcess({ DATABASE_URL: url }))
        expect(await Promise.all(runs)).toEqual(Array(8).fill(0))
        const client = postgres(url, { max: 1 })
        const [row] = await client`select count(*)::int as count from drizzle.__drizzle_migrations`
        const { default: journal } = await import("@/drizzle/meta/_journal.json")
        expect(row?.count).toBe(journal.entries.length)
        await client.end()
      })
    }, 90_000)

    it("ends with an exit code that is not 0 when there is no server", async () => {
      expect(await migrateProcess({ DATABASE_URL: "postgres://localhost:1/none" })).toBe(1)
    }, 60_000)
  } else {
    it("migrates the embedded database, again and again", async () => {
      const env = { DATA_DIR: mkdtempSync(join(tmpdir(), "migrate-")) }
      expect(await migrateProcess(env)).toBe(0)
      expect(await migrateProcess(env)).toBe(0)
    }, 60_000)
  }
})
