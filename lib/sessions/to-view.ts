/** From rows to what may leave the server, picked field by field: a new column stays inside. */
import { describeDevice } from "./device"
import { endOf } from "./policy"
import type { SessionData, SessionListItem, SessionRow, SessionUser } from "./view"

type Read = {
  session: Omit<SessionData["session"], "ipAddress" | "userAgent" | "impersonatedBy"> & {
    ipAddress?: string | null
    userAgent?: string | null
    impersonatedBy?: string | null
  }
  user: Omit<SessionUser, "image" | "role"> & { image?: string | null; role?: string | null }
}

/** What `auth.api.getSession` and `GET /api/auth/get-session` answer. */
export function toSessionData({ session, user }: Read): SessionData {
  return {
    session: {
      id: session.id,
      userId: session.userId,
      expiresAt: session.expiresAt,
      createdAt: session.createdAt,
      updatedAt: session.updatedAt,
      ipAddress: session.ipAddress || null,
      userAgent: session.userAgent || null,
      ...(session.impersonatedBy ? { impersonatedBy: session.impersonatedBy } : {}),
    },
    user: {
      id: user.id,
      name: user.name,
      email: user.email,
      emailVerified: user.emailVerified,
      image: user.image || null,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
      ...(user.role === "admin" ? { role: user.role } : {}),
    },
  }
}

/** One row of the device list of the user whose current session is `currentId`. */
export function toListItem(row: SessionRow, currentId: string): SessionListItem {
  const { city, country } = row
  return {
    id: row.id,
    current: row.id === currentId,
    name: row.name || null,
    device: describeDevice(row.userAgent),
    ipAddress: row.ipAddress || null,
    location: city || country ? { city: city || null, country: country || null } : null,
    signInMethod: row.signInMethod || null,
    createdAt: row.createdAt,
    lastActiveAt: row.lastActiveAt,
    expiresAt: new Date(endOf(row)),
  }
}
