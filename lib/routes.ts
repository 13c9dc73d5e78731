/**
 * The URLs this app knows by name, and which of them need a session. Imported by the middleware at
 * the edge, so it must never import anything that needs Node.
 */

export const signInPath = "/sign-in"
/** Where someone lands after signing in without having been on the way to somewhere. */
export const homePath = "/dashboard"

const protectedPrefixes = ["/dashboard", "/settings", "/admin"]

/** Whether a path needs a session. By whole segments: `/dashboards` is not `/dashboard`. */
export function isProtectedPath(pathname: string): boolean {
  return protectedPrefixes.some(
    (prefix) => pathname === prefix || pathname.startsWith(`${prefix}/`),
  )
}

/** Pages rendered at build time: they cannot carry a nonce, so they get a policy of their own. */
export function isStaticPage(pathname: string): boolean {
  return pathname === "/"
}

/** `/sign-in?callbackUrl=...` for someone on the way to `returnTo` (a path with its query). */
export function signInUrl(returnTo: string): string {
  return `${signInPath}?callbackUrl=${encodeURIComponent(returnTo)}`
}
