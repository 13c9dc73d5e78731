/**
 * What a user agent says about a device. It is text anyone can write: shown to its owner as a hint
 * to recognise a session by, never a reason to allow or refuse anything.
 */
import Bowser from "bowser"
import type { Device, DeviceType } from "./view"

const longestUserAgent = 512

const types: readonly DeviceType[] = ["desktop", "mobile", "tablet", "bot"]

/** Names people use, where the library's differ. */
const commonNames = new Map([
  ["Microsoft Edge", "Edge"],
  ["Samsung Internet for Android", "Samsung Internet"],
  ["Chrome OS", "ChromeOS"],
])

/** Programs that are not browsers name themselves in front: "curl/8.5.0". */
const program = /^(curl|wget|python-requests|node|okhttp|postman\w*|insomnia|axios)\b/i

function labelOf(browser: string | null, os: string | null): string {
  if (browser && os) return `${browser} on ${os}`
  return browser ?? (os ? `Unknown browser on ${os}` : "Unknown device")
}

/** Reads a `User-Agent` header; unknown parts are null. Never throws. */
export function describeDevice(userAgent: string | null | undefined): Device {
  const unknown: Device = { type: "unknown", browser: null, os: null, label: "Unknown device" }
  if (!userAgent) return unknown
  const text = userAgent.slice(0, longestUserAgent)
  const [, name] = program.exec(text) ?? []
  if (name) return { ...unknown, type: "bot", browser: name, label: name }

  const parsed = Bowser.parse(text)
  const nameOf = (name: string | undefined) => commonNames.get(name ?? "") ?? (name || null)
  const browser = nameOf(parsed.browser.name)
  const os = nameOf(parsed.os.name)
  // People know an iPhone or an iPad by that name, not by its system's.
  const model = parsed.platform.vendor === "Apple" ? parsed.platform.model : undefined
  return {
    type:
      os === "ChromeOS"
        ? "desktop"
        : (types.find((type) => type === parsed.platform.type) ?? "unknown"),
    browser,
    os,
    label: labelOf(browser, model ?? os),
  }
}
