/**
 * What administrators do over HTTP, in place of Better Auth's endpoints of the same names: by ids,
 * each decided on the database and done in one transaction. Nothing here may answer with a token.
 */
import { APIError, createAuthEndpoint } from "better-auth/api"
import { eq } from "drizzle-orm"
import { z } from "zod"
import type { Act } from "@/lib/activity/act"
import { user } from "@/lib/db/schema"
import { banSchema } from "@/lib/validation"
import * as acts from "./acts"
import { adminErrors } from "./errors"
import { findUser, listSessions } from "./reads"
import { administration } from "./rights"
import { type AdminSession, type AdminUser, roles } from "./view"

/** The administrator who asks; `administration` has just looked them up. */
function administrator(ctx: { context: { session: { session: { id: string; userId: string } } } }) {
  const { id: sessionId, userId } = ctx.context.session.session
  const act: Act = { actor: "admin", actorId: userId }
  return { userId, sessionId, act }
}

function found(changed: AdminUser | null): AdminUser {
  if (changed) return changed
  throw APIError.from("NOT_FOUND", adminErrors.USER_NOT_FOUND)
}

const options = <Body extends z.ZodType>(body: Body) =>
  ({ method: "POST", requireHeaders: true, use: administration, body }) as const

const aboutUser = z.object({ userId: z.string() })

export const setRole = createAuthEndpoint(
  "/admin/set-role",
  options(aboutUser.extend({ role: z.string() })),
  async (ctx) => {
    const { userId, act } = administrator(ctx)
    const role = roles.find((known) => known === ctx.body.role)
    if (!role) throw APIError.from("BAD_REQUEST", adminErrors.INVALID_ROLE)
    if (ctx.body.userId === userId && role !== "admin") {
      throw APIError.from("BAD_REQUEST", adminErrors.OWN_ROLE)
    }
    return { user: found(await acts.changeRole(act, eq(user.id, ctx.body.userId), role)) }
  },
)

export const banUser = createAuthEndpoint(
  "/admin/ban-user",
  options(
    aboutUser.extend({ banReason: z.string().default(""), banExpiresIn: z.number().nullish() }),
  ),
  async (ctx) => {
    const { userId, act } = administrator(ctx)
    if (ctx.body.userId === userId) throw APIError.from("BAD_REQUEST", adminErrors.OWN_BAN)
    const checked = banSchema.safeParse(ctx.body)
    if (!checked.success) {
      const { message = adminErrors.INVALID_BAN.message } = checked.error.issues[0] ?? {}
      throw APIError.from("BAD_REQUEST", { ...adminErrors.INVALID_BAN, message })
    }
    const { banReason: reason, banExpiresIn: seconds } = checked.data
    const expiresAt = seconds ? new Date(Date.now() + seconds * 1000) : null
    return { user: found(await acts.ban(act, ctx.body.userId, { reason, expiresAt })) }
  },
)

export const unbanUser = createAuthEndpoint(
  "/admin/unban-user",
  options(aboutUser),
  async (ctx) => {
    const { act } = administrator(ctx)
    return { user: found(await acts.unban(act, ctx.body.userId)) }
  },
)

export const listUserSessions = createAuthEndpoint(
  "/admin/list-user-sessions",
  options(aboutUser),
  async (ctx): Promise<{ sessions: AdminSession[] }> => {
    const { sessionId } = administrator(ctx)
    found(await findUser(ctx.body.userId))
    return { sessions: await listSessions(ctx.body.userId, sessionId) }
  },
)

export const revokeUserSession = createAuthEndpoint(
  "/admin/revoke-user-session",
  options(aboutUser.extend({ id: z.string() })),
  async (ctx) => {
    const { sessionId, act } = administrator(ctx)
    if (ctx.body.id === sessionId) throw APIError.from("BAD_REQUEST", adminErrors.OWN_SESSION)
    if (await acts.endSession(act, ctx.body.userId, ctx.body.id)) return { status: true }
    throw APIError.from("NOT_FOUND", adminErrors.SESSION_NOT_FOUND)
  },
)

export const revokeUserSessions = createAuthEndpoint(
  "/admin/revoke-user-sessions",
  options(aboutUser),
  async (ctx) => {
    const { sessionId, act } = administrator(ctx)
    found(await findUser(ctx.body.userId))
    // One's own stays: whoever wants it gone signs out.
    return { status: true, revoked: await acts.endSessions(act, ctx.body.userId, sessionId) }
  },
)
