import { describe, expect, it } from "vitest"
import { findCookie, readCachedSession, withoutCookies } from "./cookies"

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
const good = { session: {}, expiresAt: 1, signature: "abc" }

describe("readCachedSession", () => {
  it("reads what Better Auth writes", () => {
    expect(readCachedSession(encode(good))).toEqual(good)
  })

  it.each([
    ["a percent sign", "%"],
    ["nothing", ""],
    ["a cut base64 group", "a"],
    ["bytes that are not UTF-8", Buffer.from([0xff, 0xfe]).toString("base64url")],
    ["text that is not JSON", Buffer.from("{").toString("base64url")],
    ["null", encode(null)],
    ["a list", encode([])],
    ["a signature that is not base64", encode({ ...good, signature: "%%%" })],
    ["no signature", encode({ ...good, signature: undefined })],
    ["an expiry that is text", encode({ ...good, expiresAt: "1" })],
  ])("reads nothing in %s", (_what, value) => {
    expect(readCachedSession(value)).toBeNull()
  })
})

describe("withoutCookies", () => {
  it("keeps the others as they were", () => {
    const header = "a=1; b=2=3;c; a=4;; "
    expect(withoutCookies(header, (name) => name === "a")).toBe("b=2=3; c")
  })
})

describe("findCookie", () => {
  it("answers the first of two, as Better Auth reads them", () => {
    expect(findCookie("x=0; a=1; a=2", "a")).toBe("1")
    expect(findCookie("x=0", "a")).toBeNull()
  })
})
