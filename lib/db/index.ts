/**
 * The database: Postgres by `DATABASE_URL`, else the embedded one. Importing this opens nothing.
 * Only `lib/` may import it; pages and components never see a table.
 */
import { join } from "node:path"
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core"
import { env } from "@/lib/env"
import { embeddedDatabase } from "./embedded"
import { postgresDatabase } from "./postgres"
import type * as schema from "./schema"

export type Database = PgDatabase<PgQueryResultHKT, typeof schema> & {
  /** The driver underneath, for closing it. */
  $client: {
    close?: () => Promise<void>
    end?: () => Promise<void>
    options?: { connection?: { statement_timeout?: unknown } }
  }
}

// Next may load this module once per bundle and again after an edit; the database is one.
const shared = globalThis as typeof globalThis & { database?: Database }

shared.database ??= env.DATABASE_URL
  ? postgresDatabase(env.DATABASE_URL)
  : embeddedDatabase(join(env.DATA_DIR, "db"))

export const db: Database = shared.database

/** Closes the database, for scripts that want to end; the next query would open it again. */
export async function closeDatabase(): Promise<void> {
  await (db.$client.end ?? db.$client.close)?.()
}

/**
 * Stops asking the server for a statement timeout, because a pooler refused the parameter.
 * @returns false when it was not being asked for
 */
export function dropStatementTimeout(): boolean {
  const { connection } = db.$client.options ?? {}
  if (connection?.statement_timeout === undefined) return false
  delete connection.statement_timeout
  return true
}
