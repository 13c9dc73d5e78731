/**
 * Better Auth's session endpoints, rebuilt: by id instead of by token, complete, at any session age,
 * and decided on the database. Nothing here may put a session token into an answer.
 */
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth"
import {
  APIError,
  createAuthEndpoint,
  createAuthMiddleware,
  getSession as readSession,
  sensitiveSessionMiddleware,
} from "better-auth/api"
import {
  deleteSessionCookie,
  expireCookie,
  parseSetCookieHeader,
  toCookieOptions,
} from "better-auth/cookies"
import { z } from "zod"
import { sessionNameSchema } from "@/lib/validation"
import { findCookie, readCachedSession, withoutCookies } from "./cookies"
import { recordOf } from "./record"
import { toListItem, toSessionData } from "./to-view"
import { withoutTokens } from "./tokens"
import type { SessionData, SessionListItem, SessionRow } from "./view"

const errorCodes = {
  SESSION_NOT_FOUND: { code: "SESSION_NOT_FOUND", message: "This device is not signed in." },
  INVALID_NAME: { code: "INVALID_NAME", message: "Use at most 64 characters for the name." },
} as const

/** More rows than a user can have: Better Auth's adapter would stop at 100. */
const allRows = 1_000_000

const ofUser = (userId: string) => [
  { field: "userId", value: userId },
  { field: "expiresAt", value: new Date(), operator: "gt" as const },
]

/** The reader's row; `sensitiveSessionMiddleware` has just read it from the database. */
function currentSession(ctx: { context: { session: { session: unknown } } }): SessionRow {
  return ctx.context.session.session as SessionRow
}

/** The request's headers without the cached session, so that whatever follows asks the database. */
function headersWithoutCache(ctx: GenericEndpointContext, unlessReadable: boolean): Headers | null {
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

const noSession = { headers: new Headers(), response: null }

const getSession = createAuthEndpoint(
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
    const requestHeaders = headersWithoutCache(ctx, true) ?? ctx.headers
    const { headers, response } = await readSession()({
      ...ctx,
      method: "GET",
      asResponse: false,
      headers: requestHeaders,
      returnHeaders: true,
    }).catch((error: unknown) => {
      // The row was deleted between being read and being extended: signed out, not an error.
      if (error instanceof APIError && error.statusCode === 401) return noSession
      throw error
    })
    const setCookies = headers.getSetCookie()
    for (const cookie of setCookies) {
      for (const [name, attributes] of parseSetCookieHeader(cookie)) {
        ctx.setCookie(name, attributes.value, toCookieOptions(attributes))
      }
    }
    ctx.setHeader("cache-control", "no-store")
    if (!response) {
      // Better Auth leaves a cookie with a bad signature in place; it would be sent for ever.
      const { name } = ctx.context.authCookies.sessionToken
      if (findCookie(ctx.headers?.get("cookie") ?? "", name) !== null) deleteSessionCookie(ctx)
      return null
    }
    // A cached copy that was used is left alone; one that was not is expired or replaced.
    const { name } = ctx.context.authCookies.sessionData
    const fromCache =
      !ctx.query?.disableCookieCache &&
      findCookie(requestHeaders?.get("cookie") ?? "", name) !== null &&
      !setCookies.some((cookie) => cookie.startsWith(`${name}=`))
    if (!fromCache) await touch(ctx, response.session as unknown as SessionRow)
    return toSessionData(response)
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

const listSessions = createAuthEndpoint(
  "/list-sessions",
  {
    method: "GET",
    operationId: "listUserSessions",
    requireHeaders: true,
    use: [sensitiveSessionMiddleware],
  },
  async (ctx): Promise<SessionListItem[]> => {
    const current = currentSession(ctx)
    const rows = await ctx.context.adapter.findMany<SessionRow>({
      model: "session",
      where: ofUser(current.userId),
      sortBy: { field: "lastActiveAt", direction: "desc" },
      limit: allRows,
    })
    const items = rows.map((row) => toListItem(row, current.id))
    return [...items.filter((item) => item.current), ...items.filter((item) => !item.current)]
  },
)

const revokeSession = createAuthEndpoint(
  "/revoke-session",
  {
    method: "POST",
    requireHeaders: true,
    use: [sensitiveSessionMiddleware],
    // Older examples write the id into `token`. A real token is not an id, so it finds nothing.
    body: z.union([z.object({ id: z.string() }), z.object({ token: z.string() })]),
  },
  async (ctx) => {
    const current = currentSession(ctx)
    const id = "id" in ctx.body ? ctx.body.id : ctx.body.token
    const revoked = await ctx.context.adapter.deleteMany({
      model: "session",
      where: [{ field: "id", value: id }, ...ofUser(current.userId)],
    })
    if (revoked === 0) throw APIError.from("NOT_FOUND", errorCodes.SESSION_NOT_FOUND)
    if (id === current.id) deleteSessionCookie(ctx)
    return { status: true }
  },
)

const revokeOtherSessions = createAuthEndpoint(
  "/revoke-other-sessions",
  { method: "POST", requireHeaders: true, use: [sensitiveSessionMiddleware] },
  async (ctx) => {
    const current = currentSession(ctx)
    const revoked = await ctx.context.adapter.deleteMany({
      model: "session",
      where: [{ field: "id", value: current.id, operator: "ne" }, ...ofUser(current.userId)],
    })
    return { status: true, revoked }
  },
)

const revokeSessions = createAuthEndpoint(
  "/revoke-sessions",
  { method: "POST", requireHeaders: true, use: [sensitiveSessionMiddleware] },
  async (ctx) => {
    const { userId } = currentSession(ctx)
    const revoked = await ctx.context.adapter.deleteMany({
      model: "session",
      where: ofUser(userId),
    })
    deleteSessionCookie(ctx)
    return { status: true, revoked }
  },
)

const renameSession = createAuthEndpoint(
  "/rename-session",
  {
    method: "POST",
    requireHeaders: true,
    use: [sensitiveSessionMiddleware],
    body: z.object({ id: z.string(), name: z.string() }),
  },
  async (ctx) => {
    const name = sessionNameSchema.safeParse(ctx.body.name)
    if (!name.success) throw APIError.from("BAD_REQUEST", errorCodes.INVALID_NAME)
    const renamed = await ctx.context.adapter.updateMany({
      model: "session",
      where: [{ field: "id", value: ctx.body.id }, ...ofUser(currentSession(ctx).userId)],
      update: { name: name.data || null },
    })
    if (renamed === 0) throw APIError.from("NOT_FOUND", errorCodes.SESSION_NOT_FOUND)
    return { status: true }
  },
)

/** Endpoints that change what a cached session says without writing a new one. */
const outdatesCache = new Set(["/reset-password", "/verify-email"])

/** Ends the session this browser had when it signs in again: its cookie is being overwritten. */
async function endReplacedSession(ctx: GenericEndpointContext): Promise<void> {
  const { newSession, authCookies, secret, adapter } = ctx.context
  if (!newSession) return
  const token = await ctx.getSignedCookie(authCookies.sessionToken.name, secret)
  if (!token || token === newSession.session.token) return
  await adapter.deleteMany({ model: "session", where: [{ field: "token", value: token }] })
}

/** The sessions plugin, for the `plugins` of `lib/auth.ts`. */
export const sessions = () =>
  ({
    id: "sessions",
    $ERROR_CODES: errorCodes,
    // Replaces Better Auth's own session type, which has the token.
    $Infer: { Session: {} as SessionData },
    schema: {
      session: {
        fields: {
          name: { type: "string", required: false, input: false },
          signInMethod: { type: "string", required: false, input: false },
          city: { type: "string", required: false, input: false },
          country: { type: "string", required: false, input: false },
          lastActiveAt: { type: "date", required: true, input: false },
        },
      },
    },
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            create: {
              before: async (session, context) => ({
                data: await recordOf(context, session.userId),
              }),
            },
          },
        },
      },
    }),
    endpoints: {
      getSession,
      listSessions,
      revokeSession,
      revokeOtherSessions,
      revokeSessions,
      renameSession,
    },
    hooks: {
      before: [
        {
          // Whatever is more than reading the session is decided on the database: a revoked device
          // could otherwise go on writing, and keep renewing its cached copy, without end.
          matcher: (ctx) => ctx.path !== "/get-session",
          handler: createAuthMiddleware(async (ctx) => {
            const headers = headersWithoutCache(ctx, false)
            return headers ? { context: { headers } } : undefined
          }),
        },
      ],
      after: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (ctx) => {
            await endReplacedSession(ctx)
            if (outdatesCache.has(ctx.path)) expireCookie(ctx, ctx.context.authCookies.sessionData)
            return withoutTokens(ctx.context.returned)
          }),
        },
      ],
    },
  }) satisfies BetterAuthPlugin
