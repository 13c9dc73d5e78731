/**
 * The environment, read and checked once. Nothing else in the project may read `process.env`
 * (lint sees to it), and no variable may be used before it has been checked here.
 */
import { createEnv } from "@t3-oss/env-nextjs"
import { z } from "zod"
import { days, minutes } from "./time"

type Source = Record<string, string | undefined>

/** The environment does not make sense; the message is a list of sentences that say what to do. */
export class EnvironmentError extends Error {}

/** Browsers keep no cookie longer than 400 days. */
const longest = days(400)
const duration = `must be a whole number of seconds from 1 to ${longest}`
const seconds = (fallback: number) =>
  z.coerce
    .number(duration)
    .int(duration)
    .positive(duration)
    .max(longest, duration)
    .default(fallback)
const atLeastOne = "must be a whole number, 1 or more"

const variables = {
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must look like postgres://user:password@host/db" })
    .optional(),
  DATABASE_POOL_SIZE: z.coerce.number(atLeastOne).int(atLeastOne).positive(atLeastOne).default(10),
  DATA_DIR: z.string().default(".data"),
  BETTER_AUTH_SECRET: z.string().optional(),
  BETTER_AUTH_URL: z
    .url({ protocol: /^https?$/, error: "must look like https://app.example.com" })
    .optional(),
  SESSION_EXPIRES_IN: seconds(days(2)),
  SESSION_UPDATE_AGE: seconds(days(1)),
  SESSION_CACHE_MAX_AGE: seconds(minutes(5)),
  SESSION_REVOCATION_DELAY: z.coerce.number().positive().default(1),
  SESSION_ABSOLUTE_LIFETIME: seconds(days(30)),
  SESSION_LIMIT: z.coerce.number(atLeastOne).int(atLeastOne).positive(atLeastOne).default(50),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must look like smtps://user:password@host:465" })
    .optional(),
  MAIL_FROM: z.string().default("next-session-starter <no-reply@localhost>"),
  TRUSTED_PROXIES: z
    .string()
    .default("")
    .transform((list) =>
      list
        .split(",")
        .map((entry) => entry.trim())
        .filter(Boolean),
    ),
  LOCATION_HEADERS: z
    .string()
    .regex(/^[\w-]+ *, *[\w-]+$/, "must be two names of headers, like cf-ipcity,cf-ipcountry")
    .transform((names) => {
      const [city = "", country = ""] = names.toLowerCase().split(",")
      return { city: city.trim(), country: country.trim() }
    })
    .optional(),
  CRON_SECRET: z
    .string()
    .min(16, "must be at least 16 characters long. Make one with: openssl rand -base64 32")
    .optional(),
  // Set by the platform or by Next, never by hand.
  PORT: z.string().default("3000"),
  NEXT_PHASE: z.string().optional(),
  VERCEL: z.string().optional(),
  VERCEL_ENV: z.string().optional(),
  VERCEL_URL: z.string().optional(),
  VERCEL_PROJECT_PRODUCTION_URL: z.string().optional(),
}

const makeASecret = "Make one with: openssl rand -base64 32"

/** What is wrong with a secret, or null. Samples and keyboard runs have few distinct characters. */
function weaknessOfSecret(secret: string): string | null {
  if (secret.length < 32) return "is shorter than 32 characters"
  if (new Set(secret).size < 12) return "is too easy to guess"
  if (/secret|change.?me|example|password/i.test(secret)) return "looks like a sample"
  return null
}

const isLocal = (url: URL) => ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)

/**
 * Checks `source` and fills in what has a default.
 * @throws EnvironmentError with one sentence per problem
 */
export function readEnvironment(source: Source) {
  const problems: string[] = []
  const parsed = createEnv<typeof variables>({
    server: variables,
    runtimeEnv: source as Record<keyof typeof variables, string | undefined>,
    emptyStringAsUndefined: true,
    // Tests may run in a simulated browser; this module never reaches a real one.
    isServer: true,
    onValidationError: (issues) => {
      throw new EnvironmentError(
        issues.map((issue) => `${String(issue.path?.[0])}: ${issue.message}.`).join("\n"),
      )
    },
  })

  // `next build` runs with NODE_ENV=production on machines that hold no secrets.
  const isBuilding = parsed.NEXT_PHASE === "phase-production-build"
  const isProduction = parsed.NODE_ENV === "production" && !isBuilding
  const onVercel = parsed.VERCEL === "1"

  const vercelHost =
    parsed.VERCEL_ENV === "production" ? parsed.VERCEL_PROJECT_PRODUCTION_URL : parsed.VERCEL_URL
  const url =
    parsed.BETTER_AUTH_URL ??
    (onVercel && vercelHost ? `https://${vercelHost}` : undefined) ??
    (isProduction ? undefined : `http://localhost:${parsed.PORT}`)

  if (isProduction) {
    const weakness = parsed.BETTER_AUTH_SECRET && weaknessOfSecret(parsed.BETTER_AUTH_SECRET)
    if (!parsed.BETTER_AUTH_SECRET) {
      problems.push(`BETTER_AUTH_SECRET is not set. ${makeASecret}`)
    } else if (weakness) {
      problems.push(`BETTER_AUTH_SECRET ${weakness}. ${makeASecret}`)
    }
    if (!url) {
      problems.push("BETTER_AUTH_URL is not set. Set it to this app's address: https://...")
    } else if (new URL(url).protocol !== "https:" && !isLocal(new URL(url))) {
      problems.push(
        "BETTER_AUTH_URL must start with https:// (plain http is for localhost only), or sessions could be read on the way.",
      )
    }
  }
  if (onVercel && !parsed.DATABASE_URL) {
    problems.push(
      "DATABASE_URL is not set. Vercel keeps no files, so the embedded database cannot be used there: add a Postgres database and set its URL.",
    )
  }
  if (parsed.SESSION_UPDATE_AGE >= parsed.SESSION_EXPIRES_IN) {
    problems.push(
      "SESSION_UPDATE_AGE must be less than SESSION_EXPIRES_IN, or sessions end before they are extended.",
    )
  }
  if (parsed.SESSION_CACHE_MAX_AGE >= parsed.SESSION_EXPIRES_IN) {
    problems.push("SESSION_CACHE_MAX_AGE must be less than SESSION_EXPIRES_IN.")
  }
  if (parsed.SESSION_REVOCATION_DELAY >= parsed.SESSION_CACHE_MAX_AGE) {
    problems.push("SESSION_REVOCATION_DELAY must be less than SESSION_CACHE_MAX_AGE.")
  }
  if (problems.length > 0) throw new EnvironmentError(problems.join("\n"))

  return {
    ...parsed,
    /** This app's own address, without a path. During the build a placeholder. */
    BETTER_AUTH_URL: new URL(url ?? "http://localhost:3000").origin,
    isBuilding,
    onVercel,
  }
}

function readOrStop() {
  try {
    return readEnvironment(process.env)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    // A stack trace would bury the sentence that says what to do.
    console.error(`\n${error.message}\n`)
    process.exit(1)
  }
}

export const env = readOrStop()
