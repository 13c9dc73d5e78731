/**
 * The activity as log lines: one JSON object each, for whatever collects them. They hold ids, never
 * a token, a password, a code or an email address; what a client wrote cannot begin a line.
 */
import { printable } from "@/lib/printable"
import { describeDevice } from "@/lib/sessions/device"

/**
 * Lines a transaction writes at most: ending everybody's sessions is one line saying how many more
 * there were. The table has them all.
 */
export const mostLines = 100

export type LoggedEvent = {
  kind: string
  at: Date
  userId: string | null
  sessionId: string | null
  actor: string
  actorId: string | null
  ipAddress: string | null
  userAgent: string | null
  city: string | null
  country: string | null
  reason: string | null
  /** The session from which another one was ended. */
  bySessionId?: string | null
  /** A changed role: both sides. */
  from?: string | null
  to?: string | null
}

const write = (line: object) =>
  console.info(
    JSON.stringify(line, (_key, value: unknown) =>
      typeof value === "string" ? printable(value) : value,
    ),
  )

/** Writes a line for each of `events`, and one more when there were more than these in all. */
export function logEvents(events: readonly LoggedEvent[], total = events.length): void {
  for (const { kind, ipAddress, userAgent, ...event } of events) {
    const { at, userId, sessionId, actor, actorId, city, country, reason } = event
    const { bySessionId, from, to } = event
    write({
      event: kind,
      at: at.toISOString(),
      userId,
      sessionId,
      actor,
      actorId,
      ip: ipAddress,
      device: userAgent === null ? null : describeDevice(userAgent).label,
      city,
      country,
      reason,
      ...(bySessionId && { bySessionId }),
      ...(from && { from }),
      ...(to && { to }),
    })
  }
  const more = total - events.length
  if (more > 0) write({ event: "more-events", at: new Date().toISOString(), count: more })
}
