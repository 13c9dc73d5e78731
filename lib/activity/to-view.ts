/**
 * From rows to what may be seen of an account's activity, picked field by field: a new column stays
 * inside. Who an administrator is, and from where they work, is no user's business.
 */
import type { activity } from "@/lib/db/schema"
import { describeDevice } from "@/lib/sessions/device"
import type { ActivityDetail, ActivityItem, ActivityKind } from "./view"

export type ActivityRow = typeof activity.$inferSelect

type Source = {
  userAgent: string | null
  ipAddress: string | null
  city: string | null
  country: string | null
}

function toFrom({ userAgent, ipAddress, city, country }: Source) {
  return {
    device: describeDevice(userAgent),
    ipAddress: ipAddress || null,
    location: city || country ? { city: city || null, country: country || null } : null,
  }
}

const isRecorded = ({ userAgent, ipAddress, city, country }: Source) =>
  Boolean(userAgent || ipAddress || city || country)

const actorOf = (actor: string): ActivityItem["actor"] =>
  actor === "user" || actor === "admin" ? actor : "system"

const impersonation = new Set(["impersonation-started", "impersonation-ended"])

function toSession(row: ActivityRow, readerSessionId: string): ActivityItem["session"] {
  const { session } = row.detail as ActivityDetail
  if (!session || !row.sessionId) return null
  return {
    ...toFrom(session),
    id: row.sessionId,
    name: session.name || null,
    createdAt: new Date(session.createdAt),
    current: row.sessionId === readerSessionId,
  }
}

function toItem(row: ActivityRow, readerSessionId: string): ActivityItem {
  const { reason, from, to, banReason, banExpires } = row.detail as ActivityDetail
  return {
    id: row.id,
    at: row.at,
    // Rows are read by kind, so there is no other.
    kind: row.kind as ActivityKind,
    actor: actorOf(row.actor),
    reason: reason ?? null,
    from: isRecorded(row) ? toFrom(row) : null,
    session: toSession(row, readerSessionId),
    detail: {
      from: from ?? null,
      to: to ?? null,
      banReason: banReason ?? null,
      banExpires: banExpires ?? null,
    },
  }
}

/** One event with all that is known of it and whose act it was, for administrators only. */
export function toFullActivityItem(row: ActivityRow, readerSessionId: string) {
  return { ...toItem(row, readerSessionId), actorId: row.actorId }
}

/** One event of a user's, for that user, whose own session is `readerSessionId`. */
export function toActivityItem(row: ActivityRow, readerSessionId: string): ActivityItem {
  const item = toItem(row, readerSessionId)
  return {
    ...item,
    from: item.actor === "admin" ? null : item.from,
    // The session of an impersonation is an administrator's device.
    session: impersonation.has(item.kind) ? null : item.session,
  }
}
