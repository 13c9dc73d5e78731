/**
 * Who is an administrator: said by the user's row at this moment, never by what a session carries. A
 * session that impersonates somebody is that somebody's, and gives no rights.
 */
import { APIError, createAuthMiddleware, sensitiveSessionMiddleware } from "better-auth/api"
import { adminErrors } from "./errors"
import { findUser } from "./reads"

/** Whether a session may administer: its user is an administrator, not banned, and really there. */
export async function mayAdminister(session: {
  userId: string
  impersonatedBy?: string | null | undefined
}): Promise<boolean> {
  if (session.impersonatedBy) return false
  const holder = await findUser(session.userId)
  return holder?.role === "admin" && holder.ban === null
}

const administratorsOnly = createAuthMiddleware(async (ctx) => {
  const { session } = ctx.context.session ?? {}
  if (session && (await mayAdminister(session))) return
  throw APIError.from("FORBIDDEN", adminErrors.NOT_ADMIN)
})

/** For an endpoint's `use`: signed out is 401, no administrator 403, both by the database. */
export const administration = [sensitiveSessionMiddleware, administratorsOnly]
