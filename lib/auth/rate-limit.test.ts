/** What is counted, and as what: every known path, and nothing else. */
import "@/lib/testing/own-database"

import { inArray, like, sql } from "drizzle-orm"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { auth } from "@/lib/auth"
import { handleAuth } from "@/lib/auth/handler"
import { clientAddressHeader } from "@/lib/client-address"
import { db } from "@/lib/db"
import { rateLimit } from "@/lib/db/schema"
import { env } from "@/lib/env"
import { listenToLog } from "@/lib/testing/activity"
import { newBrowser, password, signedUp } from "@/lib/testing/browser"
import { knownPaths } from "./known-paths"
import { consume } from "./rate-limit"

type Endpoint = {
  path?: string
  options?: { method?: string | string[]; metadata?: { SERVER_ONLY?: boolean } }
}

/** Every endpoint of this app, its plugins' included, as a method and a template. */
const endpoints = Object.values(auth.api as unknown as Record<string, Endpoint>).flatMap(
  ({ path, options }) =>
    path && !options?.metadata?.SERVER_ONLY
      ? [options?.method ?? "GET"].flat().map((method) => ({ method, path }))
      : [],
)
const withParameters = endpoints.filter(({ path }) => path.includes(":"))
const known = new Set(endpoints.map(({ path }) => path))

const keysOf = async (address: string) => {
  const rows = await db
    .select()
    .from(rateLimit)
    .where(like(rateLimit.key, `${address}|%`))
  return rows.map(({ key }) => key)
}
const countRows = () => db.$count(rateLimit)

// As in production.
beforeAll(async () => {
  const { rateLimit: settings } = await auth.$context
  settings.enabled = true
})
afterAll(async () => {
  const { rateLimit: settings } = await auth.$context
  settings.enabled = false
})

/** A request for exactly this path, of a body that no endpoint accepts. */
const send = (path: string, method: string, address: string) =>
  handleAuth(
    new Request(`${env.BETTER_AUTH_URL}/api/auth${path}`, {
      method,
      headers: { [clientAddressHeader]: address, origin: env.BETTER_AUTH_URL },
      ...(method === "POST" ? { body: null } : {}),
    }),
  )

const segment = fc.oneof(
  fc.stringMatching(/^[\w-]{1,12}$/),
  fc.constantFrom(
    "sign-in",
    "email",
    "callback",
    "admin",
    "reset-password",
    "%2e",
    "%2F",
    "%00",
    "ü",
    ":id",
    "*",
  ),
)
const madeUp = fc.oneof(
  fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`),
  fc
    .constantFrom(...known)
    .chain((path) =>
      fc.constantFrom(
        `${path}/`,
        `/${path}`,
        `${path}//`,
        `${path}%20`,
        path.toUpperCase(),
        `${path}/x`,
        `/x${path}`,
      ),
    ),
  fc.nat(6000).map((length) => `/${"x".repeat(length)}`),
)

describe("a path that is not there", () => {
  it("is 404, whatever it is, and costs no row and no line", async () => {
    const log = listenToLog()
    const before = await countRows()
    const methods = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
    await fc.assert(
      fc.asyncProperty(madeUp, methods, fc.ipV4(), async (path, method, address) => {
        const url = `${env.BETTER_AUTH_URL}/api/auth${path}`
        fc.pre(knownPaths(auth.api)({ method, url }) === null)
        const response = await send(path, method, address)
        expect(response.status).toBe(404)
        expect(response.headers.get("cache-control")).toBe("no-store")
        expect(await response.json()).toMatchObject({ code: "NOT_FOUND" })
      }),
      { numRuns: 400 },
    )
    expect(await countRows()).toBe(before)
    expect(log.text()).toBe("")
  })

  it("is what the router does not answer, and nothing else", async () => {
    const templateOf = knownPaths(auth.api)
    const parameter = fc.stringMatching(/^[\w.~%-]{1,20}$/)
    const paths = fc.oneof(
      madeUp,
      fc
        .constantFrom(...known)
        .chain((template) =>
          parameter.map((value) => template.replace(/:\w+/g, value.replaceAll("%", "%25"))),
        ),
    )
    let address = 0
    await fc.assert(
      fc.asyncProperty(paths, fc.constantFrom("GET", "POST", "HEAD"), async (path, method) => {
        address += 1
        const url = `${env.BETTER_AUTH_URL}/api/auth${path}`
        const headers = { [clientAddressHeader]: `192.0.${address >> 8}.${address & 255}` }
        const routed = await auth.handler(new Request(url, { method, headers }))
        // The router's own 404 has no body; an endpoint's has a code.
        const isUnrouted = routed.status === 404 && !routed.headers.has("content-type")
        expect([path, method, templateOf({ method, url }) === null]).toEqual([
          path,
          method,
          isUnrouted,
        ])
      }),
      { numRuns: 300 },
    )
  })
})

describe("a path that is there", () => {
  it("counts as its template, whatever its parameters are", async () => {
    expect(withParameters.length).toBeGreaterThan(1)
    const value = fc.oneof(
      fc.stringMatching(/^[\w.~-]{1,40}$/).filter((text) => !/^\.+$/.test(text)),
      fc.constantFrom("%00", "%0A", "x".repeat(3000), "%E2%80%AE"),
    )
    let last = 0
    for (const { method, path } of withParameters) {
      last += 1
      const address = `198.51.100.${last}`
      await fc.assert(
        fc.asyncProperty(value, async (parameter) => {
          const response = await send(path.replace(/:\w+/g, parameter), method, address)
          expect(response.status).toBeLessThan(500)
        }),
        { numRuns: 10 },
      )
      expect(await keysOf(address)).toEqual([`${address}|${path}`])
    }
  })

  it("is limited when guesses are in it", async () => {
    const statuses = new Set<number>()
    for (let guess = 0; guess < 101; guess++) {
      const response = await send(`/reset-password/${guess}?callbackURL=/`, "GET", "198.51.100.77")
      statuses.add(response.status)
    }
    expect([...statuses]).toEqual([302, 429])
  })

  it("costs no query when it is the session's", async () => {
    const before = await countRows()
    for (let i = 0; i < 5; i++) {
      const response = await send("/get-session", "GET", "198.51.100.78")
      expect(response.status).toBe(200)
    }
    expect(await countRows()).toBe(before)
  })

  it("answers 429 with the time to wait", async () => {
    const browser = newBrowser()
    const guess = () => browser.post("/change-password")
    const answers = [await guess(), await guess(), await guess(), await guess()]
    expect(answers.map(({ status }) => status === 429)).toEqual([false, false, false, true])
    expect(Number(answers[3]?.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(Number(answers[3]?.headers.get("retry-after"))).toBeLessThanOrEqual(10)
  })
})

describe("a count", () => {
  it("lets exactly as many through as it may, at once or one by one, and begins anew later", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uuid(),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        async (key, max, tries, atOnce) => {
          const limit = { window: 60, max }
          const results: boolean[] = []
          const one = async () => {
            results.push((await consume(key, limit)).allowed)
          }
          if (atOnce) await Promise.all(Array.from({ length: tries }, one))
          else for (let i = 0; i < tries; i++) await one()
          expect(results.filter(Boolean)).toHaveLength(Math.min(max, tries))

          const old = sql`${rateLimit.lastRequest} - 60001`
          await db
            .update(rateLimit)
            .set({ lastRequest: old })
            .where(inArray(rateLimit.key, [key]))
          expect(await consume(key, limit)).toEqual({ allowed: true, retryAfter: null })
        },
      ),
      { numRuns: 25 },
    )
  })
})

/** Endpoints whose body has a password that is checked against the stored one. */
const asksForPassword = Object.values(auth.api as unknown as Record<string, Endpoint>).flatMap(
  ({ path, options }) => {
    const { shape = {} } = ((options as { body?: unknown })?.body ?? {}) as { shape?: object }
    const asks = "password" in shape || "currentPassword" in shape
    return path && asks && !options?.metadata?.SERVER_ONLY ? [path] : []
  },
)

describe("a password", () => {
  it.each(asksForPassword)(
    "can be tried three times in a row at %s, right or wrong",
    async (path) => {
      const { rateLimit: settings } = await auth.$context
      settings.enabled = false
      const { browser, email } = await signedUp()
      settings.enabled = true
      const body = { email, name: "Ana", newPassword: "another one" }
      const statuses: number[] = []
      for (let at = 0; at < 4; at++) {
        const guess = at < 3 ? `guess ${at} of many` : password
        const json = { ...body, password: guess, currentPassword: guess }
        statuses.push((await browser.call(path, { json })).status)
      }
      // One that is switched off is not there at all.
      const last = statuses[0] === 404 ? 404 : 429
      expect([path, statuses.slice(0, 3).includes(429), statuses[3]]).toEqual([path, false, last])
    },
  )
})
