/**
 * `npm run db:migrate`, and the first step of `vercel-build`: brings the database up to date. Safe to
 * run from any number of processes at once.
 */
import "./load-env"
import { closeDatabase } from "@/lib/db"
import { migratePostgres, openDatabase } from "@/lib/db/migrate"
import { env } from "@/lib/env"

async function migrateDatabase(): Promise<string> {
  if (env.DATABASE_URL) {
    await migratePostgres(env.DATABASE_URL)
    return "The Postgres at DATABASE_URL is up to date."
  }
  await openDatabase()
  await closeDatabase()
  return `The embedded database in ${env.DATA_DIR} is up to date.`
}

try {
  console.log(await migrateDatabase())
} catch (error) {
  console.error(`The database was not migrated: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
