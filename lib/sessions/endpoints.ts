/**
 * Listing, revoking and naming a user's sessions: by id instead of by token, complete, at any session
 * age, each decided on the database in one statement. Nothing here may answer with a token.
 */
import { APIError, createAuthEndpoint, sensitiveSessionMiddleware } from "better-auth/api"
import { deleteSessionCookie } from "better-auth/cookies"
import { eq, ne } from "drizzle-orm"
import { z } from "zod"
import { adminErrors } from "@/lib/admin/errors"
import { session } from "@/lib/db/schema"
import { sessionNameSchema } from "@/lib/validation"
import { endSessions } from "./end-sessions"
import { policy } from "./policy"
import { toListItem } from "./to-view"
import type { SessionListItem, SessionRow } from "./view"

export const errorCodes = {
  SESSION_NOT_FOUND: { code: "SESSION_NOT_FOUND", message: "This device is not signed in." },
  INVALID_NAME: { code: "INVALID_NAME", message: "Use at most 64 characters for the name." },
} as const

/** More rows than a user can have: Better Auth's adapter would stop at 100. */
const allRows = 1_000_000

const ofUser = (userId: string) => [
  { field: "userId", value: userId },
  { field: "expiresAt", value: new Date(), operator: "gt" as const },
  // The limit may have been lowered since the row was written.
  {
    field: "createdAt",
    value: new Date(Date.now() - policy.absolute * 1000),
    operator: "gt" as const,
  },
]

/** The reader's row; `sensitiveSessionMiddleware` has just read it from the database. */
function currentSession(ctx: { context: { session: { session: unknown } } }): SessionRow {
  return ctx.context.session.session as SessionRow
}

/** The same, for whoever is going to change something: not an administrator who looks at the app as them. */
function changingSession(ctx: { context: { session: { session: unknown } } }): SessionRow {
  const session = currentSession(ctx)
  if (session.impersonatedBy) throw APIError.from("FORBIDDEN", adminErrors.IMPERSONATING)
  return session
}

export const listSessions = createAuthEndpoint(
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
    // The user's own devices: that an administrator looked is told by the activity.
    const own = rows.filter((row) => !row.impersonatedBy || row.id === current.id)
    const items = own.map((row) => toListItem(row, current.id))
    return [...items.filter((item) => item.current), ...items.filter((item) => !item.current)]
  },
)

export const revokeSession = createAuthEndpoint(
  "/revoke-session",
  {
    method: "POST",
    requireHeaders: true,
    use: [sensitiveSessionMiddleware],
    // Older examples write the id into `token`. A real token is not an id, so it finds nothing.
    body: z.union([z.object({ id: z.string() }), z.object({ token: z.string() })]),
  },
  async (ctx) => {
    const current = changingSession(ctx)
    const id = "id" in ctx.body ? ctx.body.id : ctx.body.token
    const revoked = await endSessions(current, eq(session.id, id))
    if (revoked === 0) throw APIError.from("NOT_FOUND", errorCodes.SESSION_NOT_FOUND)
    if (id === current.id) deleteSessionCookie(ctx)
    return { status: true }
  },
)

export const revokeOtherSessions = createAuthEndpoint(
  "/revoke-other-sessions",
  { method: "POST", requireHeaders: true, use: [sensitiveSessionMiddleware] },
  async (ctx) => {
    const current = changingSession(ctx)
    const revoked = await endSessions(current, ne(session.id, current.id))
    return { status: true, revoked }
  },
)

export const revokeSessions = createAuthEndpoint(
  "/revoke-sessions",
  { method: "POST", requireHeaders: true, use: [sensitiveSessionMiddleware] },
  async (ctx) => {
    const revoked = await endSessions(changingSession(ctx))
    deleteSessionCookie(ctx)
    return { status: true, revoked }
  },
)

export const renameSession = createAuthEndpoint(
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
      where: [{ field: "id", value: ctx.body.id }, ...ofUser(changingSession(ctx).userId)],
      update: { name: name.data || null },
    })
    if (renamed === 0) throw APIError.from("NOT_FOUND", errorCodes.SESSION_NOT_FOUND)
    return { status: true }
  },
)
