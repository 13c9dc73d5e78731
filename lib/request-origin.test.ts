/** What headers of anybody's make become before they reach a row. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { activityOf } from "@/lib/testing/activity"
import { newBrowser, signedUp } from "@/lib/testing/browser"
import { clientAddressHeader, locationHeaders } from "./client-address"
import { originOf } from "./request-origin"

const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/** Bytes as Node hands a header over, and percent-encoded text with whatever in it. */
const values = fc.oneof(
  fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 700 }),
  fc.string({ unit: "binary", maxLength: 200 }).map((text) => {
    try {
      return encodeURIComponent(text)
    } catch {
      return "%"
    }
  }),
  fc.constantFrom("%00", "%", "%E0%A4%A", "K%C3%B6ln%00", "%E2%80%AEevil", "%0A[auth] x", "a%ZZ"),
)

/** Like `Headers`, but also with what its constructor refuses and other runtimes may let through. */
const headersOf = (all: Record<string, string>) =>
  ({ get: (name: string) => all[name] ?? null }) as Headers

describe("originOf", () => {
  it("answers bounded text in which everything can be seen, whatever was sent", () => {
    fc.assert(
      fc.property(values, values, values, values, (city, country, agent, address) => {
        const origin = originOf(
          headersOf({
            [locationHeaders.city]: city,
            [locationHeaders.country]: country,
            "user-agent": agent,
            [clientAddressHeader]: address,
          }),
        )
        for (const text of Object.values(origin)) {
          if (text === null) continue
          expect(text).not.toMatch(hidden)
          expect(text).not.toBe("")
          expect(text.length).toBeLessThanOrEqual(512)
        }
        expect(origin.city?.length ?? 0).toBeLessThanOrEqual(100)
      }),
    )
  })

  it.each([
    ["K%C3%B6ln", "Köln"],
    ["Köln", "Köln"],
    [Buffer.from("São Paulo").toString("latin1"), "São Paulo"],
    ["100%", "100%"],
    ["%00", null],
    ["K\u00c3\u00b6ln%00", "Köln"],
    ["", null],
  ])("reads a place written as %j", (written, city) => {
    expect(originOf(headersOf({ [locationHeaders.city]: written })).city).toBe(city)
  })
})

describe("a header that holds what no row can", () => {
  it("loses neither the session nor the event", async () => {
    for (const city of ["%00", "Ly%00on", "%E0%A4%A", "%E2%80%AEnoyL"]) {
      const headers = { [locationHeaders.city]: city, "user-agent": "curl/8\u0085.5\u009b" }
      const { userId, email } = await signedUp({ headers })
      await newBrowser({ headers }).signIn(email, { password: "a wrong password" })
      const kinds = async () => (await activityOf(userId)).map(({ kind }) => kind)
      await expect.poll(kinds).toEqual(["sign-up", "sign-in", "sign-in-failed"])
    }
  })
})
