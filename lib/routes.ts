/**
 * The URLs this app knows by name, and which of them need a session. Imported by the middleware at
 * the edge, so it must never import anything that needs Node.
 */

export const signInPath = "/sign-in"
/** Where someone lands after signing in without having been on the way to somewhere. */
export const homePath = "/dashboard"

export const resetPath = "/reset-password"
export const verifiedPath = "/verify-email"

export const securityPath = "/settings/security"

/** Where forms are sent by a browser without scripts, or before they run (`lib/auth/forms.ts`). */
export const sessionForms = {
  signOut: "/api/forms/sign-out",
  revokeSession: "/api/forms/revoke-session",
  revokeOtherSessions: "/api/forms/revoke-other-sessions",
} as const

export const protectedPrefixes = ["/dashboard", "/settings", "/admin"]

/** Pages with a form for whoever has no session. */
export const guestPages = [signInPath, "/sign-up", "/forgot-password", resetPath, verifiedPath]

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

/** Request header by which the middleware tells a page its own path and query. */
export const returnToHeader = "x-return-to"
/** Request header by which the middleware tells a page its script nonce. */
export const nonceHeader = "x-nonce"

const cookieName = "better-auth"
/** "__Host-" ties a cookie to this very host over https: no subdomain can plant one. */
const hostCookieName = `__Host-${cookieName}`

/** What the names of all cookies begin with, by the app's address. */
export function cookiePrefix(isHttps: boolean): string {
  return isHttps ? hostCookieName : cookieName
}

/** Both, for the middleware, which does not know the app's address. */
export const cookiePrefixes = [hostCookieName, cookieName] as const
