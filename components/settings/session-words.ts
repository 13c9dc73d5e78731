/** A session in words: where it is, how it was opened. Unknown parts are left out, never guessed. */
import type { SessionListItem } from "@/lib/sessions/view"

const methodNames: Record<string, string> = { "two-factor": "two-factor code", github: "GitHub" }

/** "Paris, FR", or null. */
export function placeOf({ location }: Pick<SessionListItem, "location">): string | null {
  return [location?.city, location?.country].filter(Boolean).join(", ") || null
}

/** "Paris, FR · 203.0.113.7 · password". */
export function sessionDetails(session: SessionListItem): string {
  const { ipAddress, signInMethod } = session
  const method = signInMethod && (methodNames[signInMethod] ?? signInMethod)
  return [placeOf(session), ipAddress, method].filter(Boolean).join(" · ") || "Place not recorded"
}

/** "Ana's phone (Safari on iPhone), Lyon": enough to know a device by in a question. */
export function sessionName(
  session: Pick<SessionListItem, "name" | "device" | "location">,
): string {
  const { name, device, location } = session
  return [name ? `${name} (${device.label})` : device.label, location?.city]
    .filter(Boolean)
    .join(", ")
}

/** "1 device", "4 devices". */
export function deviceCount(count: number, kind = "device"): string {
  return `${count} ${kind}${count === 1 ? "" : "s"}`
}
