/** For `npm run db:generate` (schema to SQL, needs no database) and `npm run db:studio`. */
import "./scripts/load-env"
import { join } from "node:path"
import { defineConfig } from "drizzle-kit"
import { acquireLock } from "./lib/db/lock"
import { env } from "./lib/env"

// Studio opens the embedded database, and two openers lose each other's writes.
if (!env.DATABASE_URL && process.argv.includes("studio")) acquireLock(join(env.DATA_DIR, "db.lock"))

const target = env.DATABASE_URL
  ? { dbCredentials: { url: env.DATABASE_URL } }
  : { driver: "pglite" as const, dbCredentials: { url: join(env.DATA_DIR, "db") } }

export default defineConfig({
  dialect: "postgresql",
  schema: "./lib/db/schema.ts",
  out: "./drizzle",
  ...target,
})
