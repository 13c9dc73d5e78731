/**
 * Seeing the app as one of its users: a session of the user's, short, marked with the administrator,
 * who keeps their own in a second cookie. It may look, and change nothing of the account.
 */
import type { GenericEndpointContext } from "better-auth"
import {
  APIError,
  createAuthEndpoint,
  createAuthMiddleware,
  getSessionFromCtx,
} from "better-auth/api"
import { deleteSessionCookie, expireCookie, setSessionCookie } from "better-auth/cookies"
import { z } from "zod"
import { type Act, withAct } from "@/lib/activity/act"
import { afterwards } from "@/lib/sessions/afterwards"
import { hours } from "@/lib/time"
import { endImpersonation } from "./acts"
import { adminErrors } from "./errors"
import { findUser, isImpersonation } from "./reads"
import { administration } from "./rights"

/** It ends after this many seconds, and is never extended. */
const lifetime = hours(1)

/** The administrator's own session, signed and with the attributes of the session's own cookie. */
const ownCookie = (ctx: GenericEndpointContext) => ctx.context.createAuthCookie("admin_session")

/** The token in that cookie, and whether "Remember me" was off. */
async function readOwnCookie(ctx: GenericEndpointContext) {
  const value = await ctx.getSignedCookie(ownCookie(ctx).name, ctx.context.secret)
  const [token, isForgotten] = (value || "").split(":")
  return token ? { token, isForgotten: Boolean(isForgotten) } : null
}

export const impersonateUser = createAuthEndpoint(
  "/admin/impersonate-user",
  {
    method: "POST",
    requireHeaders: true,
    use: administration,
    body: z.object({ userId: z.string() }),
  },
  async (ctx) => {
    const own = ctx.context.session.session
    const { internalAdapter, authCookies, secret } = ctx.context
    const target = await findUser(ctx.body.userId)
    const user = target && (await internalAdapter.findUserById(target.id))
    if (!user) throw APIError.from("NOT_FOUND", adminErrors.USER_NOT_FOUND)
    if (target.role === "admin") {
      throw APIError.from("FORBIDDEN", adminErrors.CANNOT_IMPERSONATE_ADMIN)
    }
    if (target.ban) throw APIError.from("FORBIDDEN", adminErrors.CANNOT_IMPERSONATE_BANNED)

    const act: Act = { kind: "impersonation-started", actor: "admin", actorId: own.userId }
    const end = Math.min(Date.now() + lifetime * 1000, own.expiresAt.getTime())
    const opened = { impersonatedBy: own.userId, openedBySessionId: own.id }
    // The database asks all of this again while it begins (`admit_session` in `drizzle/`).
    const session = await withAct(act, () =>
      internalAdapter.createSession(user.id, true, { ...opened, expiresAt: new Date(end) }, true),
    )
    const isForgotten = await ctx.getSignedCookie(authCookies.dontRememberToken.name, secret)
    const kept = `${own.token}:${isForgotten ? "forgotten" : ""}`
    const { attributes } = authCookies.sessionToken
    const { maxAge, ...untilClosed } = attributes
    await ctx.setSignedCookie(
      ownCookie(ctx).name,
      kept,
      secret,
      isForgotten ? untilClosed : attributes,
    )
    await setSessionCookie(ctx, { session, user }, true)
    return { status: true }
  },
)

export const stopImpersonating = createAuthEndpoint(
  "/admin/stop-impersonating",
  { method: "POST", requireHeaders: true },
  async (ctx) => {
    const current = await getSessionFromCtx<object, { impersonatedBy?: string | null }>(ctx, {
      disableCookieCache: true,
    })
    if (current && !current.session.impersonatedBy) {
      throw APIError.from("BAD_REQUEST", adminErrors.NOT_IMPERSONATING)
    }
    // It may have ended by itself: whoever began it still has their own session to come back to.
    const kept = await readOwnCookie(ctx)
    if (!current && !kept) throw APIError.from("UNAUTHORIZED", adminErrors.NOT_IMPERSONATING)
    if (current) await endImpersonation(current.session, current.session.impersonatedBy ?? null)

    const own = kept && (await ctx.context.internalAdapter.findSession(kept.token))
    expireCookie(ctx, ownCookie(ctx))
    const isTheirs = !current || own?.session.userId === current.session.impersonatedBy
    if (own && isTheirs && own.session.expiresAt > new Date()) {
      await setSessionCookie(ctx, own, kept?.isForgotten)
      return { status: true, signedIn: true }
    }
    // The administrator's own session has ended meanwhile: nobody is signed in here any more.
    deleteSessionCookie(ctx)
    return { status: true, signedIn: false }
  },
)

/** Whoever signs out, or in anew, while impersonating does not leave their own session behind. */
export const endKeptSession = createAuthMiddleware(async (ctx) => {
  const isReplaced = ctx.context.newSession !== null && !ctx.path.startsWith("/admin/")
  if (ctx.path !== "/sign-out" && !isReplaced) return
  const kept = await readOwnCookie(ctx)
  if (!kept) return
  const where = [{ field: "token", value: kept.token }]
  const act: Act = isReplaced ? { kind: "session-revoked", reason: "replaced", actor: "user" } : {}
  await afterwards(ctx, () =>
    withAct(act, () => ctx.context.adapter.deleteMany({ model: "session", where })),
  )
  expireCookie(ctx, ownCookie(ctx))
})

/** All that is open to someone who impersonates: looking, and ways to stop it. */
const openToImpersonators = new Set([
  "/get-session",
  "/list-sessions",
  "/sign-out",
  "/admin/stop-impersonating",
])

/** Endpoints of ours, which read the session's row anyway and refuse by that: a query less. */
const refusesItself = new Set([
  "/revoke-session",
  "/revoke-other-sessions",
  "/revoke-sessions",
  "/rename-session",
])

/** Refuses everything else: it is the user's to change their password, name or devices. */
export const refuseImpersonators = createAuthMiddleware(async (ctx) => {
  if (openToImpersonators.has(ctx.path) || refusesItself.has(ctx.path)) return
  const { authCookies, secret } = ctx.context
  const token = await ctx.getSignedCookie(authCookies.sessionToken.name, secret)
  if (token && (await isImpersonation(token))) {
    throw APIError.from("FORBIDDEN", adminErrors.IMPERSONATING)
  }
})
