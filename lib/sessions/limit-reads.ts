/**
 * The limits, wherever a session's row is read: Better Auth gets to see the end that counts today, not
 * the one that counted when the row was written, and does the rest as for any session that has expired.
 */
import type { DBAdapterInstance, DBTransactionAdapter } from "better-auth"
import { endOf, hasEnded } from "./policy"
import type { SessionRow } from "./view"

function isSession(row: unknown): row is SessionRow {
  const { createdAt, expiresAt } = (row ?? {}) as Partial<SessionRow>
  return createdAt instanceof Date && expiresAt instanceof Date
}

/** A Better Auth database adapter that answers sessions with their end as the limits have it. */
export function limitReads(create: DBAdapterInstance): DBAdapterInstance {
  return (options) => {
    const adapter = create(options)
    const { findOne } = adapter
    const limitedFindOne: DBTransactionAdapter["findOne"] = async (call) => {
      const row = await findOne<Record<string, unknown>>(call)
      if (call.model === "session" && isSession(row)) {
        const expiresAt = new Date(endOf(row))
        if (expiresAt < row.expiresAt) {
          // Before Better Auth deletes it: what is recorded is then a session that expired.
          if (hasEnded(row, new Date())) {
            const where = [{ field: "id", value: row.id }]
            await adapter.updateMany({ model: "session", where, update: { expiresAt } })
          }
          row.expiresAt = expiresAt
        }
      }
      return row as never
    }
    return Object.assign(adapter, { findOne: limitedFindOne })
  }
}
