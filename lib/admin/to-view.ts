/** From rows to what administrators see, picked field by field: a new column stays inside. */
import type { ActivityDetail, ActivityItem, ActivityKind } from "@/lib/activity/view"
import type { activity, session, user } from "@/lib/db/schema"
import { describeDevice } from "@/lib/sessions/device"
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
    image: row.image || null,
    role: row.role === "admin" ? "admin" : "user",
    ban: banOf(row),
    createdAt: row.createdAt,
  }
}

/** A session of any user; `currentId` is the one that asks. */
export function toAdminSession(row: typeof session.$inferSelect, currentId: string): AdminSession {
  return { ...toListItem(row, currentId), impersonated: row.impersonatedBy !== null }
}

const placeOf = (part: { city: string | null; country: string | null }) =>
  part.city || part.country ? { city: part.city || null, country: part.country || null } : null

export function toActivityItem(row: typeof activity.$inferSelect, currentId: string): ActivityItem {
  const { session: about, reason, ...detail } = row.detail as ActivityDetail
  return {
    id: row.id,
    at: row.at,
    kind: row.kind as ActivityKind,
    actor: row.actor as ActivityItem["actor"],
    reason: reason ?? null,
    from:
      row.ipAddress || row.userAgent
        ? {
            device: describeDevice(row.userAgent),
            ipAddress: row.ipAddress,
            location: placeOf(row),
          }
        : null,
    session:
      about && row.sessionId
        ? {
            id: row.sessionId,
            name: about.name,
            device: describeDevice(about.userAgent),
            ipAddress: about.ipAddress,
            location: placeOf(about),
            createdAt: new Date(about.createdAt),
            current: row.sessionId === currentId,
          }
        : null,
    detail: {
      ...(detail.from !== undefined && { from: detail.from }),
      ...(detail.to !== undefined && { to: detail.to }),
      ...(detail.banReason !== undefined && { banReason: detail.banReason }),
      ...(detail.banExpires !== undefined && { banExpires: detail.banExpires }),
    },
  }
}
