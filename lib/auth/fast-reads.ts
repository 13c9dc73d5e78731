/**
 * Makes `auth.api.getSession` fast and read-only where it stands, without a change in the code that
 * calls it. To go back to plain Better Auth, export `betterAuth(options)` from `lib/auth.ts` as it is.
 */
import { type CookieContext, cachedReadOf } from "@/lib/sessions/cached-read"
import type { SessionData } from "@/lib/sessions/view"

type Call = { headers?: HeadersInit; query?: { disableRefresh?: unknown } }

type Auth = { $context: Promise<CookieContext>; api: { getSession: unknown } }

/** Whether a call asks for the session and nothing else, which the cookies may answer. */
function isPlain(call: Call): boolean {
  const { headers, query = {}, ...others } = call
  const { disableRefresh: _, ...asked } = query
  return (
    headers !== undefined && Object.keys(others).length === 0 && Object.keys(asked).length === 0
  )
}

const cookieHeader = (headers: HeadersInit | undefined) =>
  (headers instanceof Headers ? headers : new Headers(headers)).get("cookie")

export function withFastReads<A extends Auth>(auth: A): A {
  const getSession = auth.api.getSession as (call: Call) => Promise<SessionData | null>
  let readCached: ReturnType<typeof cachedReadOf> | undefined
  const ready = auth.$context.then((context) => {
    readCached = cachedReadOf(context)
    return readCached
  })

  /**
   * The reader's session. A plain call never extends it: on the server it may stand in a component,
   * which cannot set the cookie that would have to follow. Only `GET /get-session` does.
   */
  async function read(call: Call): Promise<SessionData | null> {
    if (!isPlain(call)) return getSession(call)
    const cached = await (readCached ?? (await ready))(cookieHeader(call.headers))
    if (cached) return cached.data
    const query = { disableRefresh: true, disableCookieCache: true }
    return getSession({ ...call, query })
  }

  // What Better Auth hangs on its endpoints (path, options) stays on this one.
  auth.api.getSession = Object.assign(read, getSession)
  return auth
}
