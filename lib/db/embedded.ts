/**
 * The embedded database: Postgres compiled to WebAssembly (PGlite), inside the server process, so
 * that a clone runs with nothing installed. Opened at the first query, never on import: `next build`
 * and development workers load this module too, and two openers of one directory lose data.
 */
import { join } from "node:path"
import type { PGlite } from "@electric-sql/pglite"
import { drizzle } from "drizzle-orm/pglite"
import { migrate } from "drizzle-orm/pglite/migrator"
import { acquireLock } from "./lock"
import * as schema from "./schema"

/** The part of PGlite that Drizzle calls. */
type Client = Pick<PGlite, "query" | "transaction" | "exec" | "close">

/** Opens and migrates the database in `directory`, or one in memory when it is null. */
async function open(directory: string | null): Promise<Client> {
  const release = directory ? acquireLock(`${directory}.lock`) : () => {}
  try {
    const { PGlite } = await import("@electric-sql/pglite")
    const client = await PGlite.create(directory ?? "memory://")
    await migrate(drizzle(client, { schema }), { migrationsFolder: join(process.cwd(), "drizzle") })
    return Object.assign(client, {
      close: async () => {
        await Object.getPrototypeOf(client).close.call(client)
        release()
      },
    })
  } catch (error) {
    release()
    throw error
  }
}

/** A Drizzle database that opens the embedded one in `directory` at its first query. */
export function embeddedDatabase(directory: string | null) {
  let opened: Promise<Client> | null = null
  const client = () => {
    opened ??= open(directory).catch((error) => {
      opened = null
      throw error
    })
    return opened
  }
  const lazy: Client = {
    query: async (...call) => (await client()).query(...call),
    exec: async (...call) => (await client()).exec(...call),
    transaction: async (work) => (await client()).transaction(work),
    close: async () => (await opened)?.close(),
  }
  return drizzle(lazy as PGlite, { schema })
}
