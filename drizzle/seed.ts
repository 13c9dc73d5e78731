/**
 * `npm run db:seed`: a demo user signed in on six devices, to look at the settings pages with. For
 * development only: it must never put an account with a known password into a real database.
 */
import "../scripts/load-env"
import { randomBytes, randomUUID } from "node:crypto"
import { eq } from "drizzle-orm"
import { auth } from "@/lib/auth"
import { closeDatabase, db } from "@/lib/db"
import { migratePostgres, openDatabase } from "@/lib/db/migrate"
import { session, user } from "@/lib/db/schema"
import { env } from "@/lib/env"
import { days, hours, minutes } from "@/lib/time"

const demo = { name: "Ana Morel", email: "demo@example.com", password: "demo-password" }

type DemoDevice = Pick<
  typeof session.$inferInsert,
  "userAgent" | "ipAddress" | "city" | "country" | "signInMethod" | "name"
> & { signedInAgo: number; activeAgo: number }

// Addresses are from the ranges set aside for examples (RFC 5737, RFC 3849).
const devices: DemoDevice[] = [
  {
    userAgent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ipAddress: "203.0.113.7",
    city: "Paris",
    country: "FR",
    signInMethod: "password",
    name: null,
    signedInAgo: hours(5),
    activeAgo: minutes(4),
  },
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    ipAddress: "198.51.100.4",
    city: "Lyon",
    country: "FR",
    signInMethod: "passkey",
    name: "Ana's phone",
    signedInAgo: days(12),
    activeAgo: hours(2),
  },
  {
    userAgent:
      "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
    ipAddress: "2001:db8::42",
    city: "Lyon",
    country: "FR",
    signInMethod: "password",
    name: null,
    signedInAgo: days(20),
    activeAgo: hours(14),
  },
  {
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    ipAddress: "203.0.113.88",
    city: "Grenoble",
    country: "FR",
    signInMethod: "github",
    name: "Lab workstation",
    signedInAgo: days(3),
    activeAgo: hours(20),
  },
  {
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
    ipAddress: "192.0.2.55",
    city: "Bruxelles",
    country: "BE",
    signInMethod: "password",
    name: null,
    signedInAgo: hours(44),
    activeAgo: hours(30),
  },
  {
    userAgent: "curl/8.5.0",
    ipAddress: "192.0.2.200",
    city: null,
    country: null,
    signInMethod: null,
    name: null,
    signedInAgo: hours(40),
    activeAgo: hours(40),
  },
]

/** The driver's own message; the one Drizzle wraps around it repeats the data. */
function messageOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  return cause instanceof Error ? cause.message : String(error)
}

/** Why this database must not be seeded, or null. */
function refusal(): string | null {
  if (env.NODE_ENV === "production" || env.onVercel) return "NODE_ENV is production."
  if (env.SMTP_URL) return "SMTP_URL is set, and signing the demo user up would send a mail."
  const host = env.DATABASE_URL ? new URL(env.DATABASE_URL).hostname : "localhost"
  if (["localhost", "127.0.0.1", "[::1]"].includes(host)) return null
  return `DATABASE_URL points to ${host}, which is not this machine.`
}

async function seed(): Promise<void> {
  if (env.DATABASE_URL) await migratePostgres(env.DATABASE_URL)
  await openDatabase()
  await db.delete(user).where(eq(user.email, demo.email))
  const created = await auth.api.signUpEmail({ body: demo, headers: new Headers() })
  const userId = created.user.id
  // The sign-up began a session of its own; the demo devices take its place.
  await db.delete(session).where(eq(session.userId, userId))
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
  await db.insert(session).values(
    devices.map(({ signedInAgo, activeAgo, ...device }) => ({
      ...device,
      id: randomUUID(),
      token: randomBytes(24).toString("base64url"),
      userId,
      createdAt: ago(signedInAgo),
      updatedAt: ago(activeAgo),
      lastActiveAt: ago(activeAgo),
      expiresAt: new Date(Date.now() + env.SESSION_EXPIRES_IN * 1000),
    })),
  )
  await db.update(user).set({ emailVerified: true }).where(eq(user.id, userId))
}

const reason = refusal()
if (reason) {
  console.error(`The demo data is for development only and was not written: ${reason}`)
  process.exit(1)
}
try {
  await seed()
  console.log(
    `Sign in as ${demo.email} with the password ${demo.password}: six devices are waiting.`,
  )
} catch (error) {
  console.error(`The demo data was not written: ${messageOf(error)}`)
  process.exitCode = 1
} finally {
  await closeDatabase()
}
