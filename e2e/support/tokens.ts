/** Session tokens as only the browser's cookie jar and the server may know them. */
import type { APIResponse } from "@playwright/test"

/** The value of each live cookie an answer sets, by name. */
export function cookiesSetBy(response: APIResponse): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const { name, value } of response.headersArray()) {
    if (name.toLowerCase() !== "set-cookie") continue
    const [pair = ""] = value.split(";")
    const at = pair.indexOf("=")
    if (pair.length > at + 1) cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return cookies
}

/** The raw token inside the session cookie that an answer sets, or null when it sets none. */
export function tokenSetBy(response: APIResponse): string | null {
  for (const [name, value] of cookiesSetBy(response)) {
    if (name.endsWith("session_token")) return decodeURIComponent(value).split(".")[0] ?? null
  }
  return null
}
