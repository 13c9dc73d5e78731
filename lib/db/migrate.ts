/**
 * Brings a Postgres up to date with `drizzle/`, or tells whether it is. Any number of processes may
 * do it at once. (The embedded database migrates itself when it opens.)
 */
import { join } from "node:path"
import { getTableName, is, sql } from "drizzle-orm"
import { PgTable } from "drizzle-orm/pg-core"
import { drizzle } from "drizzle-orm/postgres-js"
import { migrate } from "drizzle-orm/postgres-js/migrator"
import postgres from "postgres"
import journal from "@/drizzle/meta/_journal.json" with { type: "json" }
import { guardedRead } from "./guard"
import { db } from "./index"
import { rowsOf } from "./rows"
import * as schema from "./schema"

/** Any number, as long as everything that migrates this database uses the same. */
const migrationLock = 724_119_803

const tableNames = Object.values(schema)
  .filter((value) => is(value, PgTable))
  .map((table) => getTableName(table))

/**
 * Applies the migrations that `url` is missing; waits as long as another process does so. The lock
 * belongs to a transaction, not to a connection, so that it also holds through a transaction pooler;
 * the migrations run beside it, on a second connection. What a platform's default grants opened of the new
 * tables is closed each time.
 */
export async function migratePostgres(url: string): Promise<void> {
  const client = postgres(url, { max: 2, prepare: false, connect_timeout: 10, onnotice: () => {} })
  try {
    await client.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${migrationLock})`
      await migrate(drizzle(client), { migrationsFolder: join(process.cwd(), "drizzle") })
      await client`select close_tables(${tableNames}::text[])`
    })
  } finally {
    await client.end()
  }
}

/**
 * Whether every migration of this checkout has been applied.
 * @throws DatabaseError when the database cannot answer
 */
export async function isMigrated(): Promise<boolean> {
  const last = journal.entries.at(-1)?.when ?? 0
  const table = sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`
  const [exists] = await guardedRead(() => rowsOf<{ found: boolean }>(db.execute(table)))
  if (!exists?.found) return false
  const newest = sql`select max(created_at) as newest from drizzle.__drizzle_migrations`
  const [applied] = await guardedRead(() => rowsOf<{ newest: string | null }>(db.execute(newest)))
  return Number(applied?.newest ?? 0) >= last
}

/** Longest that opening may take, in milliseconds: the first start on a slow machine takes seconds. */
const openDeadline = 60_000

/**
 * Opens the database with a first query; the embedded one migrates itself on the way.
 * @throws LockedError when another process is using it, DatabaseError when it cannot answer
 */
export async function openDatabase(): Promise<void> {
  const firstQuery = async () => {
    try {
      await db.execute(sql`select 1`)
    } catch (error) {
      // Drizzle wraps it, and what it wraps is the sentence worth reading.
      throw error instanceof Error && error.cause instanceof Error ? error.cause : error
    }
  }
  await guardedRead(firstQuery, openDeadline)
}
