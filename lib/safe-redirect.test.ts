import { describe, expect, it } from "vitest"
import { safeRedirect } from "./safe-redirect"

describe("safeRedirect", () => {
  it.each([
    ["/dashboard"],
    ["/settings/security?tab=1&x=%2F#top"],
    ["/a?next=https://evil.example"],
  ])("keeps %s", (path) => {
    expect(safeRedirect(path)).toBe(path)
  })

  it.each([
    ["https://evil.example"],
    ["//evil.example"],
    ["///evil.example"],
    ["/\\evil.example"],
    ["\\\\evil.example"],
    ["/\t/evil.example"],
    ["/\n/evil.example"],
    ["/.//evil.example"],
    ["/x/..//evil.example"],
    ["javascript:alert(1)"],
    ["data:text/html,x"],
    [" /dashboard"],
    ["dashboard"],
    [""],
    [null],
    [undefined],
    [["/a", "/b"]],
  ])("does not follow %j", (url) => {
    expect(safeRedirect(url, "/home")).toBe("/home")
  })
})
