import { describe, expect, it } from "vitest"
import { describeDevice } from "./device"

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)"

describe("describeDevice", () => {
  it.each([
    [
      "Chrome on macOS",
      "desktop",
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/142.0.0.0 Safari/537.36`,
    ],
    [
      "Safari on iPhone",
      "mobile",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    ],
    [
      "Safari on iPad",
      "tablet",
      "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
    ],
    [
      "Firefox on Windows",
      "desktop",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
    ],
    [
      "Edge on Windows",
      "desktop",
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    ],
    [
      "Chrome on Android",
      "mobile",
      `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`,
    ],
    [
      "Samsung Internet on Android",
      "mobile",
      `Mozilla/5.0 (Linux; Android 13; SM-S918B) ${webkit} SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36`,
    ],
    [
      "Chrome on ChromeOS",
      "desktop",
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/129.0.0.0 Safari/537.36`,
    ],
    [
      "Chrome on Linux",
      "desktop",
      `Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/142.0.0.0 Safari/537.36`,
    ],
    [
      "Googlebot",
      "bot",
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ],
    ["curl", "bot", "curl/8.5.0"],
  ])("calls it %s", (label, type, userAgent) => {
    expect(describeDevice(userAgent)).toMatchObject({ label, type })
  })

  it.each([[null], [undefined], [""], ["garbage"], ["__proto__"], ["x".repeat(100_000)]])(
    "has nulls, never empty text, for what it does not know",
    (userAgent) => {
      expect(describeDevice(userAgent)).toEqual({
        type: "unknown",
        browser: null,
        os: null,
        label: "Unknown device",
      })
    },
  )
})
