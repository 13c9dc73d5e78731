import { describe, expect, it } from "vitest"
import { env } from "@/lib/env"
import { days, hours } from "@/lib/time"
import { endOf, expiryOf, hasEnded, lapseOf, policy } from "./policy"

const now = new Date("2026-11-01T12:00:00Z")
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)

describe("the end of a session that is used now", () => {
  it("is an idle time away", () => {
    expect(expiryOf({ createdAt: now, now, isRemembered: true })).toEqual(at(policy.idle))
  })

  it("is never later than its sign-in allows", () => {
    const createdAt = at(-policy.absolute + 60)
    expect(expiryOf({ createdAt, now, isRemembered: true })).toEqual(at(60))
  })

  it("is a day after sign-in where someone did not want to be remembered", () => {
    const createdAt = at(-hours(20))
    expect(expiryOf({ createdAt, now, isRemembered: false })).toEqual(at(hours(4)))
  })
})

describe("a session", () => {
  it("ends as its row says", () => {
    const session = { createdAt: at(-60), expiresAt: at(60) }
    expect(endOf(session)).toBe(at(60).getTime())
    expect(hasEnded(session, now)).toBe(false)
    expect(hasEnded(session, at(61))).toBe(true)
  })

  it("ends sooner when it began longer ago than the limit allows", () => {
    const session = { createdAt: at(-policy.absolute - 1).toISOString(), expiresAt: at(60) }
    expect(hasEnded(session, now)).toBe(true)
  })

  it("has ended when its dates are none", () => {
    expect(hasEnded({ createdAt: "never", expiresAt: at(60) }, now)).toBe(true)
    expect(hasEnded({ createdAt: now, expiresAt: "never" }, now)).toBe(true)
  })
})

it("a copy lapses when it says, or when copies of its age do", () => {
  const writtenAt = now.getTime()
  expect(lapseOf({ lapsesAt: writtenAt + 1000, writtenAt })).toBe(writtenAt + 1000)
  const old = { lapsesAt: writtenAt + days(1) * 1000, writtenAt }
  expect(lapseOf(old)).toBe(writtenAt + policy.cacheMaxAge * 1000)
})

it("the policy is what the environment says", () => {
  expect(policy).toMatchObject({
    idle: env.SESSION_EXPIRES_IN,
    absolute: env.SESSION_ABSOLUTE_LIFETIME,
    limit: env.SESSION_LIMIT,
    cacheMaxAge: env.SESSION_CACHE_MAX_AGE,
    revocationDelay: env.SESSION_REVOCATION_DELAY,
  })
})
