/**
 * What an account's activity is made of, for both sides. No type in this file has a token, and none
 * may get one.
 */
import type { Device } from "@/lib/sessions/view"

/** Every kind of event there is; each is written in one place and has its words in another. */
export const activityKinds = [
  "sign-up",
  "sign-in",
  "sign-in-failed",
  "sign-out",
  "session-revoked",
  "session-expired",
  "session-limit",
  "password-changed",
  "password-reset",
  "email-verified",
  "role-changed",
  "user-banned",
  "user-unbanned",
  "impersonation-started",
  "impersonation-ended",
] as const

export type ActivityKind = (typeof activityKinds)[number]

/** The kinds by which a session ends: their rows are what is left of it. */
export const endingKinds = [
  "sign-out",
  "session-revoked",
  "session-expired",
  "session-limit",
  "impersonation-ended",
] as const satisfies readonly ActivityKind[]

/** So many ended sessions are shown to their user at most. */
export const mostEndings = 200

/** What the `detail` column holds, parts by kind. */
export type ActivityDetail = {
  /** Events of a session (begun, ended): what its row said. */
  session?: {
    name: string | null
    userAgent: string | null
    ipAddress: string | null
    city: string | null
    country: string | null
    signInMethod: string | null
    createdAt: string
    lastActiveAt: string
  }
  /**
   * Why, where the kind leaves it open. `session-revoked`: `user` (from the list), `replaced` (signed in
   * anew over it), `password-changed`, `password-reset`, `banned`, `admin`, `database` (by hand, or by a
   * script). `session-expired`: `idle` or `absolute`. `sign-in-failed`: `password`, `banned`,
   * `email-not-verified`.
   */
  reason?: string
  /** A session that somebody ended: from which of the user's sessions. */
  bySessionId?: string
  /** `role-changed`: both sides. */
  from?: string | null
  to?: string | null
  /** `user-banned`: what the administrator wrote, and until when. */
  banReason?: string | null
  banExpires?: string | null
}

/** A place or device as the activity pages show it. */
type From = {
  device: Device
  ipAddress: string | null
  location: { city: string | null; country: string | null } | null
}

/** One event as pages get it. */
export type ActivityItem = {
  id: number
  at: Date
  kind: ActivityKind
  actor: "user" | "admin" | "system"
  reason: string | null
  /** From where it was done, or null when nobody did it. */
  from: From | null
  /** The session it was about, as it was then. */
  session: (From & { id: string; name: string | null; createdAt: Date; current: boolean }) | null
  detail: Pick<ActivityDetail, "from" | "to" | "banReason" | "banExpires">
}
