/**
 * The sessions plugin: Better Auth's session endpoints replaced by ours, what is recorded when a
 * session begins, and two rules for all other endpoints: they decide on the database, and no answer
 * carries a session token.
 */
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth"
import { createAuthMiddleware } from "better-auth/api"
import { expireCookie } from "better-auth/cookies"
import { withAct } from "@/lib/activity/act"
import { noteFailedSignIn } from "@/lib/activity/failed-sign-in"
import { afterwards } from "./afterwards"
import { finishCookies } from "./answer-cookies"
import { piecesIn } from "./cookies"
import * as endpoints from "./endpoints"
import { cookieHeaderOf, getSession, headersWithoutCopies } from "./get-session"
import { endSessionsOverLimit } from "./limit"
import { recordOf } from "./record"
import { withoutTokens } from "./tokens"
import type { SessionData } from "./view"

const { errorCodes, ...sessionEndpoints } = endpoints

/** Endpoints that change what a cached session says without writing a new one. */
const outdatesCache = new Set(["/reset-password", "/verify-email"])

/** Pieces of cached copies that calls came with, which later hooks no longer see. */
const sentPieces = new WeakMap<object, string[]>()

/** Ends the session this browser had when it signs in again: its cookie is being overwritten. */
async function endReplacedSession(ctx: GenericEndpointContext): Promise<void> {
  const { newSession, authCookies, secret, adapter } = ctx.context
  // Administrators who look at the app as a user come back to the session they had.
  if (!newSession || ctx.path.startsWith("/admin/")) return
  const token = await ctx.getSignedCookie(authCookies.sessionToken.name, secret)
  if (!token || token === newSession.session.token) return
  // A changed password has ended it already.
  if (ctx.path === "/change-password") return
  await withAct({ kind: "session-revoked", reason: "replaced" }, () =>
    adapter.deleteMany({ model: "session", where: [{ field: "token", value: token }] }),
  )
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
          remembered: { type: "boolean", required: false, input: false },
        },
      },
    },
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            create: {
              before: async (session, context) => ({
                data: await recordOf(context, session),
              }),
            },
          },
        },
      },
    }),
    endpoints: { getSession, ...sessionEndpoints },
    hooks: {
      before: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (ctx) => {
            const cookies = cookieHeaderOf(ctx)
            sentPieces.set(ctx.context, piecesIn(cookies, ctx.context.authCookies.sessionData.name))
            // Whatever is more than reading the session is decided on the database: a revoked device
            // could otherwise go on writing, and keep renewing its cached copy, without end.
            if (cookies === "" || ctx.path === "/get-session") return
            return { context: { headers: headersWithoutCopies(ctx) } }
          }),
        },
      ],
      after: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (ctx) => {
            await afterwards(ctx, () => endReplacedSession(ctx))
            await afterwards(ctx, () => endSessionsOverLimit(ctx))
            noteFailedSignIn(ctx, ctx.context.returned)
            if (outdatesCache.has(ctx.path)) expireCookie(ctx, ctx.context.authCookies.sessionData)
            finishCookies(ctx, sentPieces.get(ctx.context) ?? [])
            return withoutTokens(ctx.context.returned)
          }),
        },
      ],
    },
  }) satisfies BetterAuthPlugin
