/**
 * Makes `auth.api.getSession` fast and read-only where it stands, without a change in the code that
 * calls it. To go back to plain Better Auth, export `betterAuth(options)` from `lib/auth.ts` as it is.
 */
import { createFastRead } from "@/lib/sessions/fast-read"
import { invalidationFeed, validVersion } from "@/lib/sessions/invalidation"
import type { SessionData } from "@/lib/sessions/view"

type Call = { headers?: HeadersInit; query?: { disableRefresh?: unknown } }

type Auth = {
  options: { secret: string }
  $context: Promise<{
    authCookies: { sessionToken: { name: string }; sessionData: { name: string } }
  }>
  api: { getSession: unknown }
}

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
  const { options, $context } = auth
  const getSession = auth.api.getSession as (call: Call) => Promise<SessionData | null>
  let fastRead: ReturnType<typeof createFastRead> | undefined
  const ready = $context.then(({ authCookies }) => {
    fastRead = createFastRead({
      secret: options.secret,
      cookieNames: { token: authCookies.sessionToken.name, data: authCookies.sessionData.name },
      version: validVersion,
      isInvalidated: (cached) => invalidationFeed.isInvalidated(cached),
    })
    return fastRead
  })

  /**
   * The reader's session. A plain call never extends it: on the server it may stand in a component,
   * which cannot set the cookie that would have to follow. Only `GET /get-session` does.
   */
  async function read(call: Call): Promise<SessionData | null> {
    if (!isPlain(call)) return getSession(call)
    const data = await (fastRead ?? (await ready))(cookieHeader(call.headers))
    return data ?? getSession({ ...call, query: { disableRefresh: true } })
  }

  // What Better Auth hangs on its endpoints (path, options) stays on this one.
  auth.api.getSession = Object.assign(read, getSession)
  return auth
}
