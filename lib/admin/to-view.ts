/** From rows to what administrators see, picked field by field: a new column stays inside. */
import type { session, user } from "@/lib/db/schema"
import { toListItem } from "@/lib/sessions/to-view"
import type { AdminSession, AdminUser, Ban } from "./view"

type UserRow = Omit<typeof user.$inferSelect, "updatedAt">

/** The ban on a user now, or null. One whose time is up is lifted at the next sign-in. */
function banOf({ banned, banReason, banExpires }: UserRow): Ban | null {
  if (!banned || (banExpires && banExpires.getTime() < Date.now())) return null
  return { reason: banReason || null, expiresAt: banExpires }
}

export function toAdminUser(row: UserRow): AdminUser {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    emailVerified: row.emailVerified,
    role: row.role === "admin" ? "admin" : "user",
    ban: banOf(row),
    createdAt: row.createdAt,
  }
}

/** A session of any user; `currentId` is the one that asks. */
export function toAdminSession(row: typeof session.$inferSelect, currentId: string): AdminSession {
  return { ...toListItem(row, currentId), impersonated: row.impersonatedBy !== null }
}
