/**
 * How long sessions live and how many there may be: all limits, in one place, without a database.
 * Whoever creates, extends, believes, lists or deletes a session asks here; a limit that is decided
 * anywhere else is a limit that some path does not have.
 */
import { env } from "@/lib/env"
import { days } from "@/lib/time"

/** The limits in force: durations in seconds, `limit` in sessions. */
export const policy = {
  /** A session ends this long after it was last extended. */
  idle: env.SESSION_EXPIRES_IN,
  /** A session in use is extended at most this often. */
  updateAge: env.SESSION_UPDATE_AGE,
  /** A session ends this long after sign-in, however much it is used. */
  absolute: env.SESSION_ABSOLUTE_LIFETIME,
  /** With "Remember me" off it ends this long after sign-in. */
  forgotten: days(1),
  /** Sessions a user may have at once. */
  limit: env.SESSION_LIMIT,
  /** How long the copy in a cookie is believed while there is no news of it. */
  cacheMaxAge: env.SESSION_CACHE_MAX_AGE,
  /** How old what a server knows of revocations may be. */
  revocationDelay: env.SESSION_REVOCATION_DELAY,
  /** How long the activity of an account is kept. */
  activityRetention: days(90),
  /** How long a session that has ended stays visible, with how it ended. */
  endedSessionsShown: days(30),
} as const

/** Dates are text once they have been in a cookie. */
type Moment = Date | string

const time = (moment: Moment) => new Date(moment).getTime()

/** How long a session may live in all, in seconds. */
const lifetimeOf = (isRemembered: boolean) =>
  isRemembered ? policy.absolute : Math.min(policy.absolute, policy.forgotten)

/**
 * When a session that is used at `now` ends if it is not used again: an idle time from now, but never
 * later than its sign-in allows.
 */
export function expiryOf(session: { createdAt: Date; now: Date; isRemembered: boolean }): Date {
  const lifetime = lifetimeOf(session.isRemembered)
  const idleEnd = session.now.getTime() + policy.idle * 1000
  return new Date(Math.min(idleEnd, session.createdAt.getTime() + lifetime * 1000))
}

type Limited = { createdAt: Moment; expiresAt: Moment; remembered?: boolean | null }

/**
 * When a session ends, in milliseconds: as its row or its copy says, unless the absolute limit was
 * lowered since that was written. Not a number when a date is none.
 */
export const endOf = ({ createdAt, expiresAt, remembered }: Limited): number =>
  Math.min(time(expiresAt), time(createdAt) + lifetimeOf(remembered !== false) * 1000)

/** Whether a session is over at `now`. */
export const hasEnded = (session: Limited, now: Date): boolean =>
  // Written so that a date that is none has ended too.
  !(endOf(session) >= now.getTime())

/**
 * Until when the copy in a cookie may be believed, in milliseconds: as it says itself, unless the life
 * of copies was lowered since it was written. (It is always shorter than the idle limit.)
 */
export const lapseOf = (copy: { lapsesAt: number; writtenAt: number }): number =>
  Math.min(copy.lapsesAt, copy.writtenAt + policy.cacheMaxAge * 1000)
