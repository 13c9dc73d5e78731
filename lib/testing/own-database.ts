/**
 * Imported first by tests of what touches every row: on Postgres, where test files share a database,
 * they get one of their own. (The embedded one is each file's own anyway.)
 */
import { randomUUID } from "node:crypto"
import postgres from "postgres"
import { afterAll } from "vitest"
import type { Database } from "@/lib/db"
import { postgresDatabase } from "@/lib/db/postgres"

const server = process.env.DATABASE_URL

async function execute(statement: string): Promise<void> {
  const client = postgres(server ?? "", { max: 1, onnotice: () => {} })
  try {
    await client.unsafe(statement)
  } finally {
    await client.end()
  }
}

/** Creates it, makes it what `lib/db` uses, and answers its address. */
async function createOwn(url: string): Promise<string> {
  const name = `own_${randomUUID().replaceAll("-", "")}`
  await execute(`create database ${name}`)
  afterAll(() => execute(`drop database ${name} with (force)`))
  const own = new URL(url)
  own.pathname = `/${name}`
  const shared = globalThis as typeof globalThis & { database?: Database }
  shared.database = postgresDatabase(own.href)
  const { migratePostgres } = await import("@/lib/db/migrate")
  await migratePostgres(own.href)
  return own.href
}

/** The address of this file's own Postgres, or undefined on the embedded database. */
export const ownUrl = server ? await createOwn(server) : undefined
