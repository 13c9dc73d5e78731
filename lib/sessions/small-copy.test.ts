import fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { smallCopy } from "./small-copy"
import { toSessionData } from "./to-view"

// As it is, unless a test adds a field to the answer.
const extra = vi.hoisted(() => ({ add: (_rows: unknown): object => ({}) }))
vi.mock("./to-view", async (original) => {
  const real = await original<typeof import("./to-view")>()
  return {
    ...real,
    toSessionData: (rows: Parameters<typeof real.toSessionData>[0]) => {
      const data = real.toSessionData(rows)
      return { ...data, user: { ...data.user, ...extra.add(rows) } }
    },
  }
})

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
const decode = (value: string) => JSON.parse(Buffer.from(value, "base64url").toString())

const text = fc.string({ unit: "grapheme", maxLength: 40 })
const maybe = fc.option(text)
const date = fc.constantFrom("2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z")

const rows = fc.record({
  session: fc.record({
    id: text,
    token: text,
    userId: text,
    expiresAt: date,
    createdAt: date,
    updatedAt: date,
    ipAddress: maybe,
    userAgent: maybe,
    impersonatedBy: maybe,
    name: maybe,
    city: maybe,
    remembered: fc.boolean(),
    lastActiveAt: date,
  }),
  user: fc.record({
    id: text,
    name: text,
    email: text,
    emailVerified: fc.boolean(),
    image: maybe,
    createdAt: date,
    updatedAt: date,
    role: fc.constantFrom("admin", "user", null),
    first: text,
    last: text,
  }),
  updatedAt: fc.nat(),
  version: text,
})

function expectSameAnswer(): void {
  fc.assert(
    fc.property(rows, (full) => {
      const { session: small } = decode(
        smallCopy(encode({ session: full, expiresAt: 1 }), "k") ?? "",
      )
      const answer = (of: object) => JSON.stringify(toSessionData(of as never))
      expect(answer(small)).toBe(answer(full))
      expect(small.session.token).toBe(full.session.token)
      expect(small.session.remembered !== false).toBe(full.session.remembered)
      expect(encode(small).length).toBeLessThanOrEqual(encode(full).length)
    }),
  )
}

describe("a small copy", () => {
  it("is answered as the whole one would be", () => {
    extra.add = () => ({})
    expectSameAnswer()
  })

  it("is answered so also with a field that a clone has added", () => {
    extra.add = (full) => ({ first: (full as { user: { first: string } }).user.first })
    expectSameAnswer()
  })

  it("is the whole one where an answer is made of fields that are not in it themselves", () => {
    extra.add = (full) => {
      const { first, last } = (full as { user: { first: string; last: string } }).user
      return { fullName: `${first} ${last}` }
    }
    expectSameAnswer()
  })

  it.each([
    ["not base64", "%"],
    ["a piece", encode({ session: {} }).slice(0, 9)],
    ["null", encode([])],
  ])("is none of %s", (_what, value) => expect(smallCopy(value, "k")).toBeNull())
})
