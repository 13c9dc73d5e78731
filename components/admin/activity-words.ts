/** What happened to somebody's account, as an administrator reads it. Unknown parts are left out. */
import type { ActivityItem, ActivityKind } from "@/lib/activity/view"
import { exactTime } from "@/lib/time"

const words: Record<ActivityKind, string> = {
  "sign-up": "Signed up",
  "sign-in": "Signed in",
  "sign-in-failed": "Sign-in failed",
  "sign-out": "Signed out",
  "session-revoked": "Session signed out",
  "session-expired": "Session expired",
  "session-limit": "Session ended: too many devices",
  "password-changed": "Password changed",
  "password-reset": "Password reset",
  "email-verified": "Email address verified",
  "role-changed": "Role changed",
  "user-banned": "Banned",
  "user-unbanned": "Ban lifted",
  "impersonation-started": "An administrator began to see the app as this user",
  "impersonation-ended": "The administrator's look at the app ended",
}

const roleNames: Record<string, string> = { admin: "administrator", user: "user" }
const roleName = (role: string | null | undefined) => roleNames[role ?? "user"] ?? role

function moreAbout({ kind, detail }: ActivityItem): string | null {
  if (kind === "role-changed") return `from ${roleName(detail.from)} to ${roleName(detail.to)}`
  if (kind !== "user-banned") return null
  const { banReason, banExpires } = detail
  return [banExpires && `until ${exactTime(new Date(banExpires))}`, banReason]
    .filter(Boolean)
    .join(": ")
}

/** "Role changed from user to administrator", "Banned until ...: spam". */
export function activityTitle(item: ActivityItem): string {
  return [words[item.kind] ?? item.kind, moreAbout(item)].filter(Boolean).join(" ")
}

const actors = { user: null, admin: "by an administrator", system: "by the system" }

/** "by an administrator · Chrome on macOS · Paris, FR · 203.0.113.7". */
export function activityDetails({ actor, from, session }: ActivityItem): string {
  const place = from ?? session
  return [
    actors[actor],
    (session ?? from)?.device.label,
    [place?.location?.city, place?.location?.country].filter(Boolean).join(", "),
    place?.ipAddress,
  ]
    .filter(Boolean)
    .join(" · ")
}
