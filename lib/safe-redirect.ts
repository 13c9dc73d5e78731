/**
 * Where to go after signing in, from a `callbackUrl` anyone can write into a link. It must never
 * lead off this origin, or the sign-in page becomes a trusted door to someone else's.
 */
import { homePath } from "./routes"

// A base that no answer may keep: whatever resolves away from it points to another origin.
const base = "http://callback.invalid"

/**
 * The path, query and fragment of `callbackUrl` when it stays on this origin, else `fallback`.
 * Resolved by the URL parser browsers use, so `//evil`, `/\evil`, `javascript:` and tabs inside a
 * scheme are judged as the browser would judge them.
 */
export function safeRedirect(
  callbackUrl: string | string[] | null | undefined,
  fallback: string = homePath,
): string {
  if (typeof callbackUrl !== "string" || !callbackUrl.startsWith("/")) return fallback
  try {
    const url = new URL(callbackUrl, base)
    if (url.origin !== base) return fallback
    const path = `${url.pathname}${url.search}${url.hash}`
    // `/.//evil` resolves to the path `//evil`, which is another origin once it is used as a link.
    return path.startsWith("//") ? fallback : path
  } catch {
    return fallback
  }
}
