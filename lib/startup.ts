/**
 * What the server does once before it answers: checks that it can work, opens the embedded database,
 * starts the clean-up, and takes the door (`lib/door.ts`).
 */
import { startCleanupTimer } from "./cleanup-timer"
import { DatabaseError } from "./db/errors"
import { guarded } from "./db/guard"
import { isMigrated, migratePostgres, openDatabase } from "./db/migrate"
import { takeDoor } from "./door"
import { env } from "./env"
import { guardConsole } from "./log"

/** Longest that bringing a developer's database up to date may take, in milliseconds. */
const migrationDeadline = 60_000

/** Ends the process with one sentence, because nothing it could serve would work. */
function stop(reason: string): never {
  console.error(`\n${reason}\n`)
  process.exit(1)
}

async function prepareDatabase(): Promise<void> {
  if (!env.DATABASE_URL) return openDatabase()
  try {
    // A developer's own Postgres is brought up to date; a production one only on command.
    if (env.NODE_ENV === "development") {
      const url = env.DATABASE_URL
      await guarded(() => migratePostgres(url), migrationDeadline)
    }
    if (await isMigrated()) return
  } catch (error) {
    if (!(error instanceof DatabaseError && error.unavailable)) throw error
    // The guard has said so; pages answer 503 until it is back, and no restart is needed.
    return
  }
  stop("The database has not been migrated for this version. Run: npm run db:migrate")
}

/** Called by `instrumentation.ts`. */
export async function startServer(): Promise<void> {
  guardConsole()
  // On Vercel the platform is the door: it writes its own address and location headers.
  if (!env.onVercel) {
    try {
      takeDoor()
    } catch (error) {
      stop(error instanceof RangeError ? error.message : String(error))
    }
  }
  await prepareDatabase().catch((error) =>
    stop(error instanceof Error ? error.message : String(error)),
  )
  // On Vercel nothing runs between requests: `vercel.json` has it called.
  if (!env.onVercel && !env.isBuilding) startCleanupTimer()
}
