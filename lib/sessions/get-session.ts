/**
 * `GET /get-session`: the only place where a session is extended and its cached copy renewed, because
 * only an HTTP answer can set the cookies that follow. A copy is written from a row that was read,
 * never from a copy.
 */
import type { GenericEndpointContext } from "better-auth"
import { createAuthEndpoint, getSession as readSession } from "better-auth/api"
import { deleteSessionCookie, setCookieCache, setSessionCookie } from "better-auth/cookies"
import { z } from "zod"
import { withoutWatch } from "@/lib/db/errors"
import { cachedReadOf } from "./cached-read"
import { readCookies, withoutCopies } from "./cookies"
import type { CachedRead } from "./fast-read"
import { extendSession, touchSession } from "./in-use"
import { toSessionData } from "./to-view"
import type { SessionData, SessionRow } from "./view"

/** A cached copy with less than this part of its life left is renewed before it lapses. */
const renewalPart = 0.25

/** The headers that an endpoint was called with: calls from code may have only a request. */
const headersOf = ({ headers, request }: GenericEndpointContext) => headers ?? request?.headers

/** The `Cookie` header of a call, as it came. */
export const cookieHeaderOf = (ctx: GenericEndpointContext): string =>
  headersOf(ctx)?.get("cookie") ?? ""

/** The call's headers without the cached session, so that whatever follows asks the database. */
export function headersWithoutCopies(ctx: GenericEndpointContext): Headers {
  const headers = new Headers(headersOf(ctx))
  const cookies = withoutCopies(cookieHeaderOf(ctx), ctx.context.authCookies.sessionData.name)
  if (headers.has("cookie")) headers.set("cookie", cookies)
  return headers
}

/** The session and its user by their rows, or null when there is no such session. */
const readRows = (ctx: GenericEndpointContext) =>
  readSession()({
    ...ctx,
    method: "GET",
    asResponse: false,
    returnHeaders: false,
    returnStatus: false,
    headers: headersWithoutCopies(ctx),
    // Whatever it would write or set is done below, once it is known what.
    query: { disableCookieCache: true, disableRefresh: true },
  })

type Rows = NonNullable<Awaited<ReturnType<typeof readRows>>>

/** Whether a copy is so near its end that the next reader may come too late. */
const isLapsing = ({ writtenAt, lapsesAt }: CachedRead) =>
  lapsesAt - Date.now() < (lapsesAt - writtenAt) * renewalPart

/**
 * Notes that the session is in use, extends it when that is due, and sends the cookies that follow.
 * @returns the rows as they are now; null when the session was ended in the meantime
 */
async function renew(ctx: GenericEndpointContext, rows: Rows): Promise<Rows | null> {
  // Better Auth's type leaves out the columns that plugins added.
  const row = rows.session as unknown as SessionRow
  const isForgotten = row.remembered === false
  const extended = await extendSession(ctx, row)
  if (extended === null) return null
  if (extended === undefined) {
    await touchSession(ctx, row)
    await setCookieCache(ctx, rows, isForgotten || Boolean(row.impersonatedBy))
    return rows
  }
  const now = { session: { ...rows.session, ...extended }, user: rows.user }
  const maxAge = Math.ceil((extended.expiresAt.getTime() - Date.now()) / 1000)
  await setSessionCookie(ctx, now, isForgotten, isForgotten ? {} : { maxAge })
  return now
}

/** Answers from the database: the only way for who has no copy that can be believed. */
async function readAnew(ctx: GenericEndpointContext, isReadOnly: boolean) {
  const rows = await readRows(ctx)
  if (!rows) return null
  if (!isReadOnly) return renew(ctx, rows)
  await touchSession(ctx, rows.session as unknown as SessionRow)
  return rows
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
    ctx.setHeader("cache-control", "no-store")
    const cookies = cookieHeaderOf(ctx)
    const isReadOnly = Boolean(ctx.query?.disableRefresh)
    const cached = ctx.query?.disableCookieCache
      ? undefined
      : await cachedReadOf(ctx.context)(cookies)
    if (cached && (isReadOnly || !isLapsing(cached))) return cached.data

    const reading = () => readAnew(ctx, isReadOnly)
    // Without a database the copy is good until it lapses, so that failing is no outage yet.
    const rows = cached ? await withoutWatch(reading).catch(() => undefined) : await reading()
    if (rows) return toSessionData(rows)
    if (rows === undefined && cached) return cached.data

    // Better Auth leaves a cookie with a bad signature in place; it would be sent for ever.
    const { sessionToken, sessionData } = ctx.context.authCookies
    const sent = readCookies(cookies)
    if (sent.has(sessionToken.name) || sent.has(sessionData.name)) deleteSessionCookie(ctx)
    return null
  },
)
