/** Log lines, with whatever a client may have put into what is logged. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { log } from "@/lib/auth/log"
import { listenToLog } from "@/lib/testing/activity"
import { newBrowser, signedUp } from "@/lib/testing/browser"
import { forgeries, isOwnLine } from "@/lib/testing/forgeries"
import { describeError } from "./log"

const forged = fc.oneof(fc.constantFrom(...forgeries), fc.string({ unit: "binary" }))

/** What a client's text is put into before it is logged. */
const details = fc.oneof(
  forged,
  forged.map((text) => new Error(text)),
  forged.map((text) => new Error("own", { cause: new TypeError(text) })),
  forged.map((text) => Object.assign(new Error("own"), { message: text })),
  forged.map((text) => Object.assign(new Error(text), { code: text, digest: text })),
  forged.map((text) => ({ provider: text, nested: [{ [text]: new Error(text) }] })),
)

describe("a log line", () => {
  it("begins as ours, and hides nothing, whatever is in it", () => {
    fc.assert(
      fc.property(forged, fc.array(details, { maxLength: 3 }), (text, more) => {
        const written = listenToLog()
        log("error", `Invalid callbackURL: ${text}`, ...more)
        for (const line of written.text().split("\n")) {
          expect(line).toSatisfy(isOwnLine)
        }
        expect(written.text().startsWith("[auth] ")).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it("tells where an error was thrown, and its causes", () => {
    const error = new Error("outer\n    at forged (x.ts:1:1)", { cause: new RangeError("inner") })
    const lines = describeError(error).split("\n")
    expect(lines[0]).toMatch(/^Error: outer +at forged/)
    expect(lines[1]).toMatch(/^ {4}at .*log\.test\.ts/)
    expect(lines.join("\n")).toMatch(/caused by RangeError: inner\n {4}at .*log\.test\.ts/)
  })
})

describe("a client's text", () => {
  it("forges no line through any endpoint that says what it refused", async () => {
    const { browser } = await signedUp()
    const written = listenToLog()
    for (const text of forgeries) {
      const url = `https://evil.example/${text}`
      const query = `callbackURL=${encodeURIComponent(url)}`
      const json = {
        email: `a${text}@example.com`,
        name: text,
        password: "correct horse battery",
        token: text,
        provider: text,
        callbackURL: url,
        redirectTo: url,
        errorCallbackURL: text,
      }
      const ways = [
        browser.call(`/reset-password/x?${query}`),
        browser.call(`/verify-email?token=x&${query}`),
        browser.call(
          `/callback/${encodeURIComponent(text)}?state=${encodeURIComponent(text)}&error=${encodeURIComponent(text)}`,
        ),
        browser.call(`/error?error=${encodeURIComponent(text)}`),
        ...[
          "/sign-up/email",
          "/sign-in/email",
          "/sign-in/social",
          "/link-social",
          "/request-password-reset",
          "/send-verification-email",
          "/update-user",
          "/revoke-session",
        ].flatMap((path) => [
          newBrowser().post(path, json),
          browser.post(path, { ...json, callbackURL: "/", redirectTo: "/", errorCallbackURL: "/" }),
        ]),
      ]
      for (const answer of await Promise.all(ways)) expect(answer.status).not.toBe(503)
    }
    const lines = written.text().split("\n")
    expect(lines.some((line) => line.includes("Invalid callbackURL"))).toBe(true)
    expect(lines.filter((line) => !isOwnLine(line))).toEqual([])
  })

  it("forges none through a header", async () => {
    const { browser } = await signedUp()
    const written = listenToLog()
    for (const text of ["https://evil.example/\u0085[auth] x", "a\u009b2J", "a\u0090b"]) {
      for (const name of ["origin", "referer", "content-type", "user-agent"]) {
        await browser.call("/update-user", { json: { name: "Ana" }, headers: { [name]: text } })
      }
    }
    const lines = written.text().split("\n")
    expect(lines.some((line) => line.includes("Invalid origin"))).toBe(true)
    expect(lines.filter((line) => !isOwnLine(line))).toEqual([])
  })
})
