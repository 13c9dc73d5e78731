/**
 * What may be known about a session outside the server: the reader's own session, and a row of the
 * device list. No type in this file has a token, and none may get one.
 */

/** The signed-in user as every answer carries it. */
export type SessionUser = {
  id: string
  name: string
  email: string
  emailVerified: boolean
  image: string | null
  createdAt: Date
  updatedAt: Date
  /** Only administrators have one. What they may do is decided on the database all the same. */
  role?: "admin"
}

/** The reader's own session: what `auth.api.getSession` and `GET /api/auth/get-session` answer. */
export type SessionData = {
  session: {
    id: string
    userId: string
    expiresAt: Date
    createdAt: Date
    updatedAt: Date
    ipAddress: string | null
    userAgent: string | null
    /** The administrator who sees the app as this user; the user's own sessions have no such key. */
    impersonatedBy?: string
  }
  user: SessionUser
}

export type DeviceType = "desktop" | "mobile" | "tablet" | "bot" | "unknown"

/** What a user agent tells. Unknown parts are null; `label` always reads as a sentence part. */
export type Device = {
  type: DeviceType
  browser: string | null
  os: string | null
  /** "Chrome on macOS", or "Unknown device". */
  label: string
}

/** One row of `GET /api/auth/list-sessions`. Dates are ISO strings once they reach a browser. */
export type SessionListItem = {
  id: string
  /** Whether this is the session that asked. */
  current: boolean
  /** What the user called it, or null. */
  name: string | null
  device: Device
  ipAddress: string | null
  location: { city: string | null; country: string | null } | null
  /** `password`, `passkey`, `two-factor`, a provider id, or null when it was not recorded. */
  signInMethod: string | null
  createdAt: Date
  lastActiveAt: Date
  expiresAt: Date
}

/** A session's row as Better Auth hands it around on the server. */
export type SessionRow = {
  id: string
  userId: string
  token: string
  expiresAt: Date
  createdAt: Date
  updatedAt: Date
  ipAddress?: string | null
  userAgent?: string | null
  name?: string | null
  signInMethod?: string | null
  city?: string | null
  country?: string | null
  lastActiveAt: Date
  /** False when "Remember me" was off. */
  remembered?: boolean | null
  /** The administrator who looks at the app as this user, if one does. */
  impersonatedBy?: string | null
}
