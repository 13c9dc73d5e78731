import { describe, expect, it } from "vitest"
import { firstOf } from "./session-fetch"

describe("firstOf", () => {
  it("aborts with the first signal that does, and gives its reason on", () => {
    for (const at of [0, 1]) {
      const both = [new AbortController(), new AbortController()]
      const first = firstOf(null, ...both.map(({ signal }) => signal), undefined)
      expect(first.aborted).toBe(false)
      both[at]?.abort("first")
      both[1 - at]?.abort("second")
      expect(first.reason).toBe("first")
    }
  })

  it("has aborted when one had before", () => {
    expect(firstOf(AbortSignal.abort("before"), new AbortController().signal).reason).toBe("before")
  })
})
