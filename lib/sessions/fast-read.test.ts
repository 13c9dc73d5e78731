/**
 * Holds the fast read against Better Auth's own over thousands of generated sessions and spoilt cookies:
 * it may leave a cookie to Better Auth, but must never accept one that Better Auth would not, nor
 * answer anything else, nor throw.
 */
import { createHmac } from "node:crypto"
import { betterAuth } from "better-auth/minimal"
import fc from "fast-check"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { auth } from "@/lib/auth"
import { env } from "@/lib/env"
import { signedUp } from "@/lib/testing/browser"
import { createFastRead } from "./fast-read"
import { invalidationFeed, validVersion } from "./invalidation"
import { toSessionData } from "./to-view"
import type { SessionData } from "./view"

const { secret } = auth.options
const names = { token: "better-auth.session_token", data: "better-auth.session_data" }

// The same settings without our plugin: what everybody else's `auth.api.getSession` is.
const plain = betterAuth({ ...auth.options, plugins: [] })

const readCached = createFastRead({
  secret,
  cookieNames: names,
  version: validVersion,
  isInvalidated: (cached) => invalidationFeed.isInvalidated(cached),
})

const fastRead = async (cookie: string | null) => (await readCached(cookie))?.data

async function plainRead(cookie: string): Promise<SessionData | null> {
  try {
    const headers = new Headers({ cookie })
    const data = await plain.api.getSession({ headers, query: { disableRefresh: true } })
    return data && toSessionData(data)
  } catch {
    // Better Auth throws on some cookies, which is a way of not accepting them.
    return null
  }
}

type Payload = { session: Record<string, unknown>; expiresAt: number }
type Cookies = { token: string; data: string }

const hmac = (text: string, key: string, encoding: "base64" | "base64url") =>
  createHmac("sha256", key).update(text).digest(encoding)

/** Both cookies as Better Auth writes them, with whatever in them. */
function sign(token: string, { session, expiresAt }: Payload, key = secret): Cookies {
  const signature = hmac(JSON.stringify({ ...session, expiresAt }), key, "base64url")
  const data = JSON.stringify({ session, expiresAt, signature })
  return {
    token: `${token}.${encodeURIComponent(hmac(token, key, "base64"))}`,
    data: Buffer.from(data).toString("base64url"),
  }
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom("", "\u0000", "%", '"\\'),
)
const soon = (min: number, max: number) => fc.integer({ min, max }).map((ms) => Date.now() + ms)
const moment = (at: fc.Arbitrary<number>) => at.map((ms) => new Date(ms).toISOString())
const past = soon(-1_000_000, -1_000)
const future = soon(60_000, 1_000_000)

/** Longer ago than any session may have begun. */
const tooLongAgo = soon(
  -(env.SESSION_ABSOLUTE_LIFETIME + 1_000) * 1000,
  -env.SESSION_ABSOLUTE_LIFETIME * 1000 - 1,
)
/** Longer ago than a copy that may still be believed was written. */
const outlived = soon(-1_000_000, -env.SESSION_CACHE_MAX_AGE * 1000 - 1)

type Times = Record<"begins" | "sessionEnds" | "writes" | "lapses", fc.Arbitrary<number>>

const payload = ({ begins, sessionEnds, writes, lapses }: Times, version: fc.Arbitrary<string>) =>
  fc
    .record({
      token: fc.stringMatching(/^[A-Za-z0-9]{32}$/),
      id: fc.stringMatching(/^[A-Za-z0-9]{8,32}$/),
      userId: fc.stringMatching(/^[A-Za-z0-9]{8,32}$/),
      name: text,
      userAgent: fc.option(text),
      image: fc.option(fc.webUrl()),
      verified: fc.boolean(),
      role: fc.option(fc.constantFrom("admin", "user", "editor", ""), { nil: undefined }),
      impersonatedBy: fc.option(fc.stringMatching(/^[A-Za-z0-9]{8,32}$/)),
      at: moment(begins),
      sessionEnds: moment(sessionEnds),
      writtenAt: writes,
      lapses,
      version,
    })
    .map((v) => ({
      token: v.token,
      payload: {
        session: {
          session: {
            expiresAt: v.sessionEnds,
            token: v.token,
            createdAt: v.at,
            updatedAt: v.at,
            ipAddress: "192.0.2.1",
            userAgent: v.userAgent,
            userId: v.userId,
            impersonatedBy: v.impersonatedBy,
            id: v.id,
          },
          user: {
            name: v.name,
            email: "ana@example.com",
            emailVerified: v.verified,
            image: v.image,
            createdAt: v.at,
            updatedAt: v.at,
            role: v.role,
            id: v.userId,
          },
          updatedAt: v.writtenAt,
          version: v.version,
        },
        expiresAt: v.lapses,
      },
    }))

const valid = payload(
  { begins: past, sessionEnds: future, writes: soon(-60_000, 0), lapses: future },
  fc.constant("1"),
)
const anything = payload(
  {
    begins: fc.oneof({ weight: 3, arbitrary: past }, tooLongAgo),
    sessionEnds: fc.oneof(past, future),
    writes: fc.oneof({ weight: 3, arbitrary: soon(-60_000, 0) }, outlived),
    lapses: fc.oneof(past, future),
  },
  fc.constantFrom("1", "1", "2", ""),
)

const header = ({ token, data }: Cookies) => `${names.token}=${token}; ${names.data}=${data}`

const splice = (value: string, at: number, put: string) =>
  value.slice(0, at % (value.length + 1)) + put + value.slice((at % (value.length + 1)) + 1)

/** One way of spoiling a pair of cookies, given another valid pair. */
const spoilt = fc
  .record({
    one: anything,
    other: valid,
    at: fc.nat(5000),
    put: fc.string({ maxLength: 3 }),
    way: fc.nat(13),
  })
  .map(({ one, other, at, put, way }) => {
    const mine = sign(one.token, one.payload)
    const theirs = sign(other.token, other.payload)
    const half = Math.floor(mine.data.length / 2)
    const inner = one.payload.session
    const ways: (() => string)[] = [
      () => header(mine),
      () => header({ ...mine, token: splice(mine.token, at, put) }),
      () => header({ ...mine, data: splice(mine.data, at, put) }),
      () => header({ ...mine, data: mine.data.slice(0, at % mine.data.length) }),
      () => header({ ...mine, token: mine.token.slice(0, at % mine.token.length) }),
      () => header({ token: mine.token, data: theirs.data }),
      () => header(sign(one.token, one.payload, "another secret of thirty-two chars!")),
      () =>
        `${names.token}=${mine.token}; ${names.data}.0=${mine.data.slice(0, half)}; ${names.data}.1=${mine.data.slice(half)}`,
      () => `${header(theirs)}; ${header(mine)}`,
      () => `${header(mine)}; ${names.token}=${put}; ${names.data}=${put}`,
      () => `${put}; a="b; ${header(mine)}; ${put}=${put}`,
      () => header({ token: `"${mine.token}"`, data: `"${mine.data}"` }),
      () =>
        header(
          sign(one.token, {
            ...one.payload,
            session: JSON.parse(
              `${JSON.stringify(inner).slice(0, -1)},"__proto__":{"version":"1"},"constructor":1}`,
            ),
          }),
        ),
      () => header(sign(one.token, { ...one.payload, session: { ...inner, user: put } })),
    ]
    return (ways[way] as () => string)()
  })

beforeAll(() => {
  // Better Auth reports every cookie it does not understand.
  vi.spyOn(console, "warn").mockImplementation(() => {})
  vi.spyOn(console, "error").mockImplementation(() => {})
})

describe("the fast read", () => {
  it("accepts every valid pair of cookies, and answers what Better Auth answers", async () => {
    await fc.assert(
      fc.asyncProperty(valid, async ({ token, payload: signed }) => {
        const cookie = header(sign(token, signed))
        const data = await fastRead(cookie)
        expect(data).toBeDefined()
        expect(data).toEqual(await plainRead(cookie))
      }),
      { numRuns: 1000 },
    )
  }, 60_000)

  it("accepts nothing that Better Auth would not, over 5,000 spoilt cookies", async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(spoilt, async (cookie) => {
        const data = await fastRead(cookie)
        if (data === undefined) return
        accepted += 1
        expect(await plainRead(cookie)).toEqual(data)
      }),
      { numRuns: 5000 },
    )
    // Some ways of spoiling leave a pair as good as it was; most do not.
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(2500)
  }, 60_000)

  it("accepts no copy of a session that began too long ago, as Better Auth does not either", async () => {
    const times = { begins: tooLongAgo, sessionEnds: future, writes: past, lapses: future }
    await fc.assert(
      fc.asyncProperty(payload(times, fc.constant("1")), async ({ token, payload: signed }) => {
        const cookie = header(sign(token, signed))
        expect(await fastRead(cookie)).toBeUndefined()
        expect(await plainRead(cookie)).toBeNull()
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  it("accepts no copy that is older than copies may become, whatever it says itself", async () => {
    const times = { begins: past, sessionEnds: future, writes: outlived, lapses: future }
    await fc.assert(
      fc.asyncProperty(payload(times, fc.constant("1")), async ({ token, payload: signed }) => {
        expect(await fastRead(header(sign(token, signed)))).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })

  it("reads what a real sign-in sets, and holds no token", async () => {
    const { browser, sessionId } = await signedUp()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const data = await fastRead(cookie)
    expect(data?.session.id).toBe(sessionId)
    expect(JSON.stringify(data)).not.toContain(browser.token())
    expect(data).toEqual(await plainRead(cookie))
  })

  it("reads nothing once the cached copy has lapsed", async () => {
    const { browser } = await signedUp()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    vi.useFakeTimers({ now: Date.now() + env.SESSION_CACHE_MAX_AGE * 1000 + 1, toFake: ["Date"] })
    try {
      expect(await fastRead(cookie)).toBeUndefined()
    } finally {
      vi.useRealTimers()
    }
  })

  it("leaves a request without cookies to Better Auth", async () => {
    expect(await fastRead(null)).toBeUndefined()
    expect(await fastRead("")).toBeUndefined()
  })
})
