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

async function create(directory: string | null, check: () => void): Promise<PGlite> {
  const { PGlite } = await import("@electric-sql/pglite")
  if (directory === null) return PGlite.create()
  const { FencedFiles } = await import("./fenced-files")
  const client = await PGlite.create({ fs: new FencedFiles(directory, check) })
  // What only reads is refused too, once the data may be somebody else's.
  const answer = client.execProtocolRawSync
  client.execProtocolRawSync = (message) => {
    check()
    return answer.call(client, message)
  }
  return client
}

/** Opens and migrates the database in `directory`, or one in memory when it is null. */
async function open(directory: string | null): Promise<Client> {
  const lock = directory === null ? null : acquireLock(`${directory}.lock`)
  try {
    const client = await create(directory, () => lock?.check())
    await migrate(drizzle(client, { schema }), { migrationsFolder: join(process.cwd(), "drizzle") })
    return Object.assign(client, {
      close: async () => {
        await Object.getPrototypeOf(client).close.call(client)
        lock?.release()
      },
    })
  } catch (error) {
    lock?.release()
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
