/** What pages show of cookies: true, or nothing, and never an error, whatever stands in them. */
import fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { type Browser, signedUp } from "@/lib/testing/browser"
import { copyName } from "@/lib/testing/cookie-headers"
import { type Copy, forgedCopy, signedCopy } from "@/lib/testing/copies"
import { exactTime } from "@/lib/time"
import { describeRead } from "./describe-read"
import { inspectSession } from "./inspect"
import { policy } from "./policy"

// Next's edge: what a request carries. Everything behind it is real.
const request = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({ set: () => {} }),
}))

function comeWith(browser: Browser, copy: string) {
  const cookies = new Map(browser.cookies).set(copyName, copy)
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  request.headers = new Headers({ cookie })
}

const oddValue = fc.constantFrom<unknown>(
  9e15,
  -9e15,
  8.64e15,
  8.64e15 + 1,
  1e308,
  -1,
  0,
  "",
  "9e15",
  "2026",
  "+275760-09-13T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "0000-01-01T00:00:00.000Z",
  "2026-99-99T00:00:00.000Z",
  null,
  true,
  [],
  {},
)
const part = fc.constantFrom("copy", "rows", "session", "user")
const key = fc.constantFrom(
  "expiresAt",
  "updatedAt",
  "createdAt",
  "version",
  "session",
  "user",
  "id",
  "name",
  "userAgent",
  "impersonatedBy",
  "remembered",
)

/** A copy with odd values in odd places, once with a signature and once without. */
const spoiling = fc
  .array(fc.record({ part, key, value: oddValue }), { minLength: 1, maxLength: 3 })
  .map((changes) => (copy: Copy): Copy => {
    const spoilt = structuredClone(copy)
    for (const change of changes) {
      const { session: rows } = spoilt
      const parts = { copy: spoilt, rows, session: rows?.session, user: rows?.user }
      const target = parts[change.part as keyof typeof parts] as object | null | undefined
      if (typeof target === "object" && target)
        Object.assign(target, { [change.key]: change.value })
    }
    return spoilt
  })

async function expectSense() {
  const read = await describeRead()
  expect(["cookie", "database"]).toContain(read.source)
  exactTime(read.sessionExpiresAt)
  expect(read.cacheExpiresAt === null).toBe(read.source === "database")
  const latest = Date.now() + policy.cacheMaxAge * 1000
  if (read.cacheExpiresAt) expect(read.cacheExpiresAt.getTime()).toBeLessThanOrEqual(latest)
  if (read.cacheExpiresAt) exactTime(read.cacheExpiresAt)
  const { cookies, reads } = await inspectSession()
  expect(reads.every(({ answered, session }) => answered && session !== null)).toBe(true)
  for (const { writtenAt, lapsesAt } of cookies) {
    for (const date of [writtenAt, lapsesAt]) if (date) exactTime(date)
  }
  return { read, cookies }
}

describe("how a session was read", () => {
  it("is told from a copy that can be believed", async () => {
    const { browser } = await signedUp()
    comeWith(browser, browser.cookies.get(copyName) ?? "")
    const { read, cookies } = await expectSense()
    expect(read.source).toBe("cookie")
    expect(cookies.find(({ name }) => name === copyName)).toMatchObject({
      bytes: browser.cookies.get(copyName)?.length,
      writtenAt: expect.any(Date),
      lapsesAt: read.cacheExpiresAt,
    })
  })

  it("is never told from one that was not written by the server", async () => {
    const { browser } = await signedUp()
    const copy = browser.cookies.get(copyName) ?? ""
    for (const expiresAt of [9e15, Date.now() + 60_000, "soon", null]) {
      comeWith(
        browser,
        forgedCopy(copy, (it) => ({ ...it, expiresAt })),
      )
      const { read, cookies } = await expectSense()
      expect(read.source).toBe("database")
      expect(cookies.find(({ name }) => name === copyName)).toMatchObject({
        writtenAt: null,
        lapsesAt: null,
      })
    }
  })

  it("makes sense whatever stands in the copy, signed or not", async () => {
    const { browser } = await signedUp()
    const copy = browser.cookies.get(copyName) ?? ""
    await fc.assert(
      fc.asyncProperty(spoiling, fc.constantFrom(signedCopy, forgedCopy), async (spoil, make) => {
        comeWith(browser, make(copy, spoil))
        await expectSense()
      }),
      { numRuns: 300 },
    )
  }, 60_000)
})
