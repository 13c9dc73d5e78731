/**
 * What the server does once before it answers: checks that it can work, opens the embedded database,
 * starts the clean-up, and takes the door: every request gets its client's address written over what
 * it claims.
 */
import { channel } from "node:diagnostics_channel"
import type { IncomingMessage } from "node:http"
import { startCleanupTimer } from "./cleanup-timer"
import {
  clientAddressHeader,
  locationHeaders,
  parseTrustedProxies,
  resolveClientAddress,
} from "./client-address"
import { DatabaseError } from "./db/errors"
import { guarded } from "./db/guard"
import { isMigrated, migratePostgres, openDatabase } from "./db/migrate"
import { env } from "./env"

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

/** Runs before Next reads a request's headers (Node's own event, one per request). */
function writeClientAddress(): void {
  const trusted = parseTrustedProxies(env.TRUSTED_PROXIES)
  channel("http.server.request.start").subscribe((message) => {
    const { request } = message as { request: IncomingMessage }
    const { headers } = request
    const peer = resolveClientAddress(request.socket.remoteAddress, undefined, trusted)
    const forwarded = String(headers["x-forwarded-for"] ?? "")
    const address = resolveClientAddress(peer ?? undefined, forwarded || undefined, trusted)
    if (address) headers[clientAddressHeader] = address
    else delete headers[clientAddressHeader]
    // Only a proxy in front can know where someone is.
    if (address !== peer) return
    for (const name of Object.values(locationHeaders)) delete headers[name]
  })
}

/** Called by `instrumentation.ts`. */
export async function startServer(): Promise<void> {
  // On Vercel the platform is the door: it writes its own address and location headers.
  if (!env.onVercel) {
    try {
      writeClientAddress()
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
