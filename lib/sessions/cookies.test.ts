/** Holds our view of a `Cookie` header against both parsers of Better Auth, over generated headers. */
import { readFileSync } from "node:fs"
import { getChunkedCookie, parseCookies as parseForPieces } from "better-auth/cookies"
import { createMiddleware } from "better-call"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cookieHeaders, copyName, tokenName } from "@/lib/testing/cookie-headers"
import { piecesIn, readCookies, withoutCopies } from "./cookies"

const cookieHeader = cookieHeaders(["D"])

/** Everything by which Better Auth finds cookies in a call with this header. */
const asBetterAuthReads = createMiddleware(async (ctx) => ({
  copy: getChunkedCookie(ctx as never, copyName),
  cookies: (key: string) => ctx.getCookie(key),
}))
const read = (cookie: string) => asBetterAuthReads({ headers: new Headers({ cookie }) } as never)

describe("the cookies of a header", () => {
  it("are read by the very version of the parser that Better Auth has", () => {
    const dependencies = (path: string) =>
      JSON.parse(readFileSync(`${process.cwd()}/${path}package.json`, "utf8")).dependencies
    const [ours, theirs] = [dependencies(""), dependencies("node_modules/better-auth/")]
    expect(ours["better-call"]).toBe(theirs["better-call"])
  })

  it("are those that Better Auth finds in it", async () => {
    await fc.assert(
      fc.asyncProperty(cookieHeader, async (header) => {
        const { cookies } = await read(header)
        const sent = readCookies(new Headers({ cookie: header }).get("cookie"))
        for (const key of [...sent.keys(), copyName, tokenName]) {
          // It calls a cookie that is empty, or has no name, none.
          expect(cookies(key)).toBe((key && sent.get(key)) || null)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe("a header without copies", () => {
  it("has none left by any reading, and every other cookie as it was", async () => {
    let had = 0
    await fc.assert(
      fc.asyncProperty(cookieHeader, async (header) => {
        const before = await read(header)
        if (before.copy) had += 1
        const left = withoutCopies(header, copyName)
        const after = await read(left)
        expect(after.copy).toBeNull()
        for (const key of [...readCookies(left).keys(), ...parseForPieces(left).keys()]) {
          expect(key === copyName || key.startsWith(`${copyName}.`)).toBe(false)
        }
        for (const [key, text] of readCookies(header)) {
          if (key === copyName || key.startsWith(`${copyName}.`)) continue
          expect(readCookies(left).get(key)).toBe(text)
        }
        // Where the two parsers differ (the first or the last of two), they no longer can.
        for (const [key, text] of parseForPieces(left))
          expect(readCookies(left).get(key)).toBe(text)
      }),
      { numRuns: 2000 },
    )
    expect(had).toBeGreaterThan(200)
  })

  it.each([
    ["a space before the equals sign", `${copyName} =D`],
    ["a tab", `\t${copyName}\t=D`],
    ["a space that only JavaScript trims", `${copyName}\u00a0=D`],
    ["quotes", `${copyName}="D"`],
    ["percent signs", `${copyName}=%44`],
    ["a part without a value before it", `x;${copyName}=D`],
    ["a piece", `${copyName}.0=D`],
  ])("does not let one through that has %s", async (_what, spelling) => {
    const header = `${tokenName}=T; ${spelling}`
    expect((await read(header)).copy).toBe("D")
    expect(withoutCopies(header, copyName)).toBe(`${tokenName}=T`)
  })

  it("is whatever was sent when nothing can be decoded", () => {
    expect(readCookies(withoutCopies("a=%E0%A4%A; b=%", copyName)).get("a")).toBe("%E0%A4%A")
    expect(withoutCopies("", copyName)).toBe("")
    expect(withoutCopies("x", copyName)).toBe("")
  })
})

describe("pieces", () => {
  it("are found by name, a few at a time", () => {
    const sent = Array.from({ length: 200 }, (_, index) => `${copyName}.${index}=x`)
    expect(piecesIn(sent.join("; "), copyName)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${copyName}.${n}`),
    )
    expect(piecesIn(`${copyName}=x; ${copyName}.x=1; ${copyName}.=1`, copyName)).toEqual([])
  })
})
