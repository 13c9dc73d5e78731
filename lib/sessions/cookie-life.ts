/**
 * A session's cookie lives no longer than its session. Better Auth gives it the idle time whenever it
 * sets it, whatever the session has left.
 */
import type { GenericEndpointContext } from "better-auth"

/** Shortens `Max-Age` in the answer that is about to go out; a cookie without one stays without. */
export function cookieFollowsExpiry(ctx: GenericEndpointContext): void {
  const { newSession, authCookies } = ctx.context
  // What an endpoint has set so far; the library's types do not tell.
  const { responseHeaders } = ctx.context as { responseHeaders?: Headers }
  if (!newSession || !responseHeaders) return
  const left = Math.ceil((new Date(newSession.session.expiresAt).getTime() - Date.now()) / 1000)
  const cookies = responseHeaders.getSetCookie()
  responseHeaders.delete("set-cookie")
  for (const cookie of cookies) {
    const [, given] = /; ?Max-Age=(\d+)/i.exec(cookie) ?? []
    const isTooLong =
      cookie.startsWith(`${authCookies.sessionToken.name}=`) && Number(given ?? 0) > left
    const kept = isTooLong ? cookie.replace(/Max-Age=\d+/i, `Max-Age=${Math.max(left, 0)}`) : cookie
    responseHeaders.append("set-cookie", kept)
  }
}
