import { describe, expect, it } from "vitest"
import { withoutTokens } from "./tokens"

const date = new Date()
const row = { id: "1", userId: "2", expiresAt: date }

describe("withoutTokens", () => {
  it("takes the token out of sessions and of sign-in answers, at any depth", () => {
    const answer = {
      token: "secret",
      user: { id: "2" },
      list: [{ session: { ...row, token: "x" } }],
    }
    expect(withoutTokens(answer)).toEqual({ user: { id: "2" }, list: [{ session: row }] })
  })

  it("keeps dates, and tokens that are not a session's", () => {
    expect(withoutTokens({ token: "csrf" })).toBeUndefined()
    expect(withoutTokens({ session: row })).toBeUndefined()
  })

  it("leaves errors, responses and plain values alone", () => {
    for (const value of [new Error("x"), new Response("x"), null, undefined, "token", 1]) {
      expect(withoutTokens(value)).toBeUndefined()
    }
  })
})
