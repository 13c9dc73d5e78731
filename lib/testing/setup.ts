/**
 * Runs before every test file: gives it a database of its own, in memory and with the real
 * migrations, unless `DATABASE_URL` names a Postgres to run on. Opens nothing by itself.
 */
import { afterAll } from "vitest"
import type { Database } from "@/lib/db"
import { embeddedDatabase } from "@/lib/db/embedded"

// What `lib/db` would otherwise open in `DATA_DIR`, where test files running at once would meet.
const shared = globalThis as typeof globalThis & { database?: Database }
if (!process.env.DATABASE_URL) shared.database = embeddedDatabase(null)

afterAll(async () => {
  const client = shared.database?.$client
  await (client?.end ?? client?.close)?.()
})
