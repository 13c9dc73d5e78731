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
import { expiryOf, lapseOf, policy } from "./policy"
import { toSessionData } from "./to-view"
import type { SessionData, SessionRow } from "./view"

/** Not worth a write, in milliseconds: two moments that Better Auth took one after the other. */
const smallestGain = 1_000

/** A cached copy with less than this part of its life left is renewed before it lapses. */
const renewalPart = 0.25

/** Whether a copy can be read, and has not lapsed; whether it is to be believed is asked later. */
function isUsable(value: string): boolean {
  const copy = readCachedSession(value)
  if (!copy) return false
  const { updatedAt: writtenAt } = (copy.session ?? {}) as { updatedAt?: unknown }
  if (typeof writtenAt !== "number") return true
  return lapseOf({ lapsesAt: copy.expiresAt, writtenAt }) >= Date.now()
}

/** The request's headers without the cached session, so that whatever follows asks the database. */
export function headersWithoutCache(
  ctx: GenericEndpointContext,
  unlessUsable: boolean,
): Headers | null {
  const cookies = ctx.headers?.get("cookie")
  const { name } = ctx.context.authCookies.sessionData
  if (!cookies?.includes(name)) return null
  const headers = new Headers(ctx.headers)
  headers.set(
    "cookie",
    withoutCookies(cookies, (cookie, value) => {
      if (cookie !== name && !cookie.startsWith(`${name}.`)) return false
      return !(unlessUsable && cookie === name && isUsable(value))
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
 * Moves the session's end, as far as the limits allow, when `updateAge` has passed, and sends both
 * cookies anew.
 * @returns the session as it is now; null when it was ended in the meantime
 */
async function extend(ctx: GenericEndpointContext, data: Read): Promise<Read | null> {
  const { internalAdapter } = ctx.context
  const { token, createdAt, expiresAt: end, ...row } = data.session
  const { impersonatedBy, remembered } = row as Partial<SessionRow>
  const isForgotten = remembered === false
  const now = new Date()
  const expiresAt = expiryOf({ createdAt, now, isRemembered: !isForgotten })
  const extendedAt = end.getTime() - policy.idle * 1000
  const gain = expiresAt.getTime() - end.getTime()
  const isDue = extendedAt + policy.updateAge * 1000 <= now.getTime() && gain >= smallestGain
  // An administrator's look at somebody's account ends when it was to end.
  if (!isDue || impersonatedBy) {
    await setCookieCache(ctx, data, isForgotten || Boolean(impersonatedBy))
    return data
  }
  const session = await internalAdapter.updateSession(token, {
    expiresAt,
    updatedAt: now,
    // Together, or a session could seem to have been idle for longer than it may be.
    lastActiveAt: now,
  })
  if (!session) return null
  const extended = { session, user: data.user }
  const maxAge = Math.ceil((expiresAt.getTime() - now.getTime()) / 1000)
  await setSessionCookie(ctx, extended, isForgotten, isForgotten ? {} : { maxAge })
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
  const cacheLife = policy.cacheMaxAge * 1000
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
