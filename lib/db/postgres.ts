/**
 * Postgres through postgres.js, set up for what happens in production: a connection that cannot be
 * made, a query that hangs and a transaction pooler in between each end in an error in time, not in
 * a request that never answers.
 */
import { drizzle } from "drizzle-orm/postgres-js"
import postgres from "postgres"
import { env } from "@/lib/env"
import * as schema from "./schema"

/** Longest a query may run on the server, in milliseconds. */
const statementTimeout = 2_000

/** A Drizzle database on the Postgres at `url`; connects at its first query. */
export function postgresDatabase(url: string) {
  const client = postgres(url, {
    max: env.DATABASE_POOL_SIZE,
    connect_timeout: 2,
    idle_timeout: 30,
    // Prepared statements belong to one connection, and a transaction pooler hands out many.
    prepare: false,
    // Left out again when a pooler refuses it: see `lib/db/guard.ts`.
    connection: { statement_timeout: statementTimeout },
    // Never wait long before trying again: when the database is back, so are we.
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 0.5),
    onnotice: () => {},
  } as postgres.Options<Record<string, never>>)
  return drizzle(client, { schema })
}
