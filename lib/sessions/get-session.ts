/**
 * `GET /get-session`: Better Auth's own, with the answers it lacks. The only place where a session is
 * extended and its cached copy renewed, because only an HTTP answer can set the cookies that follow.
 */
import type { GenericEndpointContext } from "better-auth"
import { createAuthEndpoint, getSession as readSession } from "better-auth/api"
import { deleteSessionCookie, setCookieCache, setSessionCookie } from "better-auth/cookies"
import { z } from "zod"
import { withoutWatch } from "@/lib/db/errors"
import { type CachedSession, findCookie, readCachedSession, withoutCookies } from "./cookies"
import { toSessionData } from "./to-view"
import type { SessionData, SessionRow } from "./view"

/** A cached copy with less than this part of its life left is renewed before it lapses. */
const renewalPart = 0.25

/** The request's headers without the cached session, so that whatever follows asks the database. */
export function headersWithoutCache(
  ctx: GenericEndpointContext,
  unlessReadable: boolean,
): Headers | null {
  const cookies = ctx.headers?.get("cookie")
  const { name } = ctx.context.authCookies.sessionData
  if (!cookies?.includes(name)) return null
  const headers = new Headers(ctx.headers)
  headers.set(
    "cookie",
    withoutCookies(cookies, (cookie, value) => {
      if (cookie !== name && !cookie.startsWith(`${name}.`)) return false
      return !(unlessReadable && cookie === name && readCachedSession(value))
    }),
  )
  return headers
}

/** One read by Better Auth: its answer, and the headers it wants to send with it. */
const read = (
  ctx: GenericEndpointContext,
  headers: Headers,
  query: { disableCookieCache?: true },
) =>
  readSession()({
    ...ctx,
    method: "GET",
    asResponse: false,
    headers,
    query: { ...ctx.query, ...query },
    returnHeaders: true,
  })

/** The cached copy that the request carries, signature unchecked. */
function cachedCopy(ctx: GenericEndpointContext, headers: Headers | undefined) {
  const cookie = findCookie(headers?.get("cookie") ?? "", ctx.context.authCookies.sessionData.name)
  return cookie === null ? null : readCachedSession(cookie)
}

/** Whether a copy is so near its end that the next reader may come too late. */
function isLapsing(copy: CachedSession | null): boolean {
  const { updatedAt } = (copy?.session ?? {}) as { updatedAt?: number }
  if (!copy || typeof updatedAt !== "number") return false
  return copy.expiresAt - Date.now() < (copy.expiresAt - updatedAt) * renewalPart
}

type Read = NonNullable<Awaited<ReturnType<typeof read>>["response"]>

/**
 * Moves the session's end when `updateAge` has passed, and sends both cookies anew.
 * @returns the session as it is now; null when it was ended in the meantime
 */
async function extend(ctx: GenericEndpointContext, data: Read): Promise<Read | null> {
  const { expiresIn, updateAge } = ctx.context.sessionConfig
  const now = Date.now()
  const extendedAt = data.session.expiresAt.getTime() - expiresIn * 1000
  const { dontRememberToken } = ctx.context.authCookies
  const isForgotten =
    // Impersonation ends when it was said to.
    (data.session as unknown as SessionRow).impersonatedBy ||
    (await ctx.getSignedCookie(dontRememberToken.name, ctx.context.secret))
  if (isForgotten || extendedAt + updateAge * 1000 > now) {
    await setCookieCache(ctx, data, Boolean(isForgotten))
    return data
  }
  const session = await ctx.context.internalAdapter.updateSession(data.session.token, {
    expiresAt: new Date(now + expiresIn * 1000),
    updatedAt: new Date(now),
  })
  if (!session) return null
  const extended = { session, user: data.user }
  await setSessionCookie(ctx, extended, false, { maxAge: expiresIn })
  return extended
}

export const getSession = createAuthEndpoint(
  "/get-session",
  {
    method: "GET",
    operationId: "getSession",
    requireHeaders: true,
    query: z
      .object({
        disableCookieCache: z.coerce.boolean().optional(),
        disableRefresh: z.coerce.boolean().optional(),
      })
      .optional(),
  },
  async (ctx): Promise<SessionData | null> => {
    const { sessionToken, sessionData } = ctx.context.authCookies
    const isReadOnly = Boolean(ctx.query?.disableRefresh)
    const requestHeaders = headersWithoutCache(ctx, true) ?? new Headers(ctx.headers)
    const copy = ctx.query?.disableCookieCache ? null : cachedCopy(ctx, requestHeaders)
    let answer = await read(ctx, requestHeaders, {})
    // A copy that was believed is left alone; one that was not is expired or replaced.
    let fromCache =
      copy !== null &&
      !answer.headers.getSetCookie().some((cookie) => cookie.startsWith(`${sessionData.name}=`))
    if (fromCache && !isReadOnly && isLapsing(copy)) {
      // Without a database the copy is good until it lapses, so that failing is no outage yet.
      const renewed = await withoutWatch(() =>
        read(ctx, requestHeaders, { disableCookieCache: true }),
      ).catch(() => null)
      if (renewed) {
        answer = renewed
        fromCache = false
      }
    }

    ctx.setHeader("cache-control", "no-store")
    let data = answer.response
    if (data && !fromCache) {
      await touch(ctx, data.session as unknown as SessionRow)
      if (!isReadOnly) data = await extend(ctx, data)
    }
    // Better Auth leaves a cookie with a bad signature in place; it would be sent for ever.
    const hasCookie = findCookie(ctx.headers?.get("cookie") ?? "", sessionToken.name) !== null
    if (!data && hasCookie) deleteSessionCookie(ctx)
    return data && toSessionData(data)
  },
)

/** Notes that a session is in use, at most once per cache life: one small UPDATE, after the answer. */
async function touch(ctx: GenericEndpointContext, session: SessionRow): Promise<void> {
  const cacheLife = (ctx.context.options.session?.cookieCache?.maxAge ?? 0) * 1000
  const { adapter } = ctx.context
  if (Date.now() - new Date(session.lastActiveAt).getTime() < cacheLife) return
  await ctx.context.runInBackgroundOrAwait(
    adapter.updateMany({
      model: "session",
      where: [
        { field: "id", value: session.id },
        { field: "lastActiveAt", value: new Date(Date.now() - cacheLife), operator: "lt" },
      ],
      update: { lastActiveAt: new Date() },
    }),
  )
}
