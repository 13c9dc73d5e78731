import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { EnvironmentError, readEnvironment } from "./env"

const secret = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg=="
const production = {
  NODE_ENV: "production",
  BETTER_AUTH_SECRET: secret,
  BETTER_AUTH_URL: "https://app.example.org",
}

const problemOf = (source: Record<string, string>) => {
  try {
    readEnvironment(source)
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message
    throw error
  }
  return null
}

describe("readEnvironment", () => {
  it("needs nothing in development", () => {
    expect(readEnvironment({})).toMatchObject({
      DATABASE_URL: undefined,
      DATA_DIR: ".data",
      BETTER_AUTH_URL: "http://localhost:3000",
      SESSION_EXPIRES_IN: 172_800,
      SESSION_UPDATE_AGE: 86_400,
      SESSION_CACHE_MAX_AGE: 300,
      SESSION_ABSOLUTE_LIFETIME: 2_592_000,
      SESSION_LIMIT: 50,
      TRUSTED_PROXIES: [],
      CRON_SECRET: undefined,
    })
  })

  it("takes an empty variable for one that is not set", () => {
    expect(readEnvironment({ DATABASE_URL: "", DATA_DIR: "" }).DATA_DIR).toBe(".data")
  })

  it("needs nothing while building, not even in production", () => {
    const building = { NODE_ENV: "production", NEXT_PHASE: "phase-production-build" }
    expect(problemOf(building)).toBeNull()
  })

  it("accepts a complete production environment", () => {
    expect(problemOf(production)).toBeNull()
    expect(problemOf({ ...production, BETTER_AUTH_URL: "http://localhost:3000" })).toBeNull()
  })

  it.each([
    ["a missing secret", { BETTER_AUTH_SECRET: "" }, /BETTER_AUTH_SECRET is not set.*openssl/],
    ["a short secret", { BETTER_AUTH_SECRET: "short" }, /shorter than 32.*openssl/],
    ["a monotonous secret", { BETTER_AUTH_SECRET: "ab".repeat(20) }, /easy to guess/],
    [
      "a sample secret",
      { BETTER_AUTH_SECRET: "better-auth-secret-12345678901234567890" },
      /sample/,
    ],
    ["a missing address", { BETTER_AUTH_URL: "" }, /BETTER_AUTH_URL is not set/],
    ["plain http", { BETTER_AUTH_URL: "http://app.example.org" }, /https/],
    ["no address at all", { BETTER_AUTH_URL: "app" }, /BETTER_AUTH_URL: must look like/],
    ["Vercel without a database", { VERCEL: "1" }, /DATABASE_URL is not set/],
    ["another kind of database", { DATABASE_URL: "mysql://x" }, /DATABASE_URL: must look like/],
    ["a negative duration", { SESSION_EXPIRES_IN: "-1" }, /SESSION_EXPIRES_IN/],
    [
      "a session of more than 400 days",
      { SESSION_EXPIRES_IN: "34560001" },
      /SESSION_EXPIRES_IN: must be a whole number/,
    ],
    ["a duration that is no number", { SESSION_CACHE_MAX_AGE: "5m" }, /SESSION_CACHE_MAX_AGE/],
    [
      "no session at all",
      { SESSION_LIMIT: "0" },
      /SESSION_LIMIT: must be a whole number, 1 or more/,
    ],
    ["half a session", { SESSION_LIMIT: "1.5" }, /SESSION_LIMIT: must be a whole number/],
    ["an absolute end at once", { SESSION_ABSOLUTE_LIFETIME: "0" }, /SESSION_ABSOLUTE_LIFETIME/],
    ["a short secret for cron", { CRON_SECRET: "short" }, /CRON_SECRET: must be at least 16/],
    [
      "an update age beyond the expiry",
      { SESSION_UPDATE_AGE: "172800" },
      /SESSION_UPDATE_AGE must be less/,
    ],
    [
      "a cache beyond the expiry",
      { SESSION_EXPIRES_IN: "200", SESSION_UPDATE_AGE: "100" },
      /SESSION_CACHE_MAX_AGE must be less/,
    ],
  ])("refuses %s with a sentence", (_what, change, sentence) => {
    expect(problemOf({ ...production, ...change })).toMatch(sentence)
  })

  it("takes an absolute end before the idle one: whichever comes first counts", () => {
    expect(problemOf({ ...production, SESSION_ABSOLUTE_LIFETIME: "3600" })).toBeNull()
  })

  it("refuses a build on Vercel without a database", () => {
    const building = { NODE_ENV: "production", NEXT_PHASE: "phase-production-build", VERCEL: "1" }
    expect(problemOf(building)).toMatch(/DATABASE_URL is not set/)
  })

  it("takes its address from Vercel", () => {
    const vercel = {
      ...production,
      BETTER_AUTH_URL: "",
      DATABASE_URL: "postgres://h/d",
      VERCEL: "1",
    }
    const preview = { ...vercel, VERCEL_URL: "preview.vercel.app", VERCEL_ENV: "preview" }
    expect(readEnvironment(preview).BETTER_AUTH_URL).toBe("https://preview.vercel.app")
    const live = { ...vercel, VERCEL_PROJECT_PRODUCTION_URL: "app.org", VERCEL_ENV: "production" }
    expect(readEnvironment(live).BETTER_AUTH_URL).toBe("https://app.org")
  })
})

describe("a process with a bad environment", () => {
  it("ends with the sentence alone and an exit code that is not 0", () => {
    const run = spawnSync(process.execPath, ["--import", "tsx", "lib/env.ts"], {
      env: { PATH: process.env.PATH, NODE_ENV: "production" },
      encoding: "utf8",
    })
    expect(run.status).toBe(1)
    expect(run.stderr).toMatch(
      /^\nBETTER_AUTH_SECRET is not set\..*\nBETTER_AUTH_URL is not set\..*\n\n$/,
    )
  })
})
