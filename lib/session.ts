/**
 * The session on the server, for pages, handlers and actions. Each of them asks for itself: the
 * middleware only saw that a cookie exists, and layouts do not run again on navigation.
 */
import "server-only"
import { headers } from "next/headers"
import { notFound, redirect } from "next/navigation"
import { cache } from "react"
import { mayAdminister } from "./admin/rights"
import { auth, type Session } from "./auth"
import { watchForOutage } from "./db/errors"
import { env } from "./env"
import { homePath, returnToHeader, signInUrl } from "./routes"

/**
 * The reader's session, or null when signed out. Read once per render (`cache` holds no longer, and
 * does nothing in handlers). Does not extend the session: a component cannot set the cookie that
 * would have to follow, and the user would be signed out when the first one dies.
 * @throws when the database is needed and cannot answer; that never looks like signed out
 */
export const getSession = cache(
  async (): Promise<Session | null> =>
    auth.api.getSession({ headers: await headers(), query: { disableRefresh: true } }),
)

/** Longest that a page's frame waits for the session, in milliseconds: less than anyone notices. */
const patience = 100

/**
 * The session for `SessionProvider`: itself when it is known at once, so that the server's HTML shows
 * the user, else a promise, so that a slow database holds up nothing but what shows the session.
 * Undefined when it cannot be read: that is the page's to say.
 */
export async function handSession(): Promise<{
  session: Session | null | undefined | Promise<Session | null | undefined>
}> {
  const session = getSession().catch(() => undefined)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<{ session: typeof session }>((resolve) => {
    timer = setTimeout(() => resolve({ session }), patience)
  })
  const known = session.then((value) => ({ session: value }))
  return Promise.race([known, late]).finally(() => clearTimeout(timer))
}

/** The reader's session; a signed-out reader is sent to sign in and comes back to this page. */
export async function requireSession(): Promise<Session> {
  const session = await getSession()
  if (session) return session
  redirect(signInUrl((await headers()).get(returnToHeader) ?? homePath))
}

/**
 * The session of an administrator, by the database and never by the cached copy. For anybody else the
 * page does not exist; a signed-out reader is sent to sign in.
 */
export const requireAdmin = cache(async (): Promise<Session> => {
  const requestHeaders = await headers()
  const session = await auth.api.getSession({
    headers: requestHeaders,
    query: { disableRefresh: true, disableCookieCache: true },
  })
  if (!session) redirect(signInUrl(requestHeaders.get(returnToHeader) ?? homePath))
  if (!(await mayAdminister(session.session))) notFound()
  return session
})

/** For pages that make no sense signed in, such as the sign-in form. */
export async function requireGuest(): Promise<void> {
  if (await getSession()) redirect(homePath)
}

type Handler<Context> = (
  request: Request,
  session: Session,
  context: Context,
) => Response | Promise<Response>

const answer = (status: number, error: string, headers: HeadersInit = {}) =>
  Response.json({ error }, { status, headers: { "Cache-Control": "no-store", ...headers } })

const isRead = ({ method }: Request) => method === "GET" || method === "HEAD"

/** Why a request that changes something is not from our own pages, or null when it is. */
function refusal(request: Request): Response | null {
  if (isRead(request)) return null
  if (request.headers.get("origin") !== env.BETTER_AUTH_URL) return answer(403, "Forbidden")
  const type = request.headers.get("content-type")
  // A form or plain text is what another site can post without asking the browser's permission.
  return type?.split(";")[0]?.trim() === "application/json"
    ? null
    : answer(415, "Unsupported Media Type")
}

/** `response`, to be stored by nobody unless it says otherwise itself. */
function unstored(response: Response): Response {
  if (response.headers.has("Cache-Control")) return response
  try {
    response.headers.set("Cache-Control", "no-store")
    return response
  } catch {
    // The headers of a redirect, or of an answer that was fetched, cannot be changed.
    const { body, status, statusText } = response
    const headers = new Headers(response.headers)
    headers.set("Cache-Control", "no-store")
    return new Response(body, { status, statusText, headers })
  }
}

/**
 * A route handler for signed-in users. Signed out: 401 `{"error":"Unauthorized"}`; database needed
 * and down: 503 with `Retry-After`; a change asked for by another site: 403 or 415; one by an
 * administrator who sees the app as this user: 403. Anything but a read is decided on the database.
 * Nothing of it may be cached.
 */
export function withSession<Context>(handler: Handler<Context>) {
  return async (request: Request, context: Context): Promise<Response> => {
    const refused = refusal(request)
    if (refused) return refused
    const outcome = await watchForOutage(async () => {
      const session = await auth.api.getSession({
        headers: request.headers,
        // A device that was signed out may still have a cached session, and must not change a thing.
        ...(isRead(request) ? {} : { query: { disableCookieCache: true } }),
      })
      if (!session) return answer(401, "Unauthorized")
      // Who sees the app as somebody else looks, and changes nothing of theirs.
      if (session.session.impersonatedBy && !isRead(request)) return answer(403, "Forbidden")
      return handler(request, session, context)
    })
    if (outcome.unavailable) return answer(503, "Service Unavailable", { "Retry-After": "1" })
    return unstored(outcome.value)
  }
}
