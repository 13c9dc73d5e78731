/**
 * Every query passes here: it gets a deadline, and its failure becomes a `DatabaseError` that holds
 * no parameters and is noted for `watchForOutage`. No caller may talk to `db` without it.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { queryDeadline, withDeadline } from "./deadline"
import {
  DatabaseError,
  isRefusedParameter,
  isStopped,
  noteBadValue,
  noteOutage,
  toDatabaseError,
} from "./errors"
import { dropStatementTimeout } from "./index"

// Next makes several bundles of this module; the database is down for all of them or for none.
const shared = globalThis as typeof globalThis & { isDatabaseDown?: boolean }

/** Says once when the database stops answering and once when it is back, not once per request. */
function report(answered: boolean, message: string): void {
  if (Boolean(shared.isDatabaseDown) !== answered) return
  shared.isDatabaseDown = !answered
  if (answered) console.warn(message)
  else console.error(message)
}

const ownTimeouts = new AsyncLocalStorage<true>()

/**
 * Runs work on many rows that no request waits for and that sets timeouts of its own: when one of its
 * statements is stopped, the database is not down for everybody else.
 */
export function withOwnTimeouts<T>(work: () => Promise<T>): Promise<T> {
  return ownTimeouts.run(true, work)
}

/** Throws a driver's failure as one that is safe to log, and notes what it was for `watchForOutage`. */
export function fail(error: unknown): never {
  const failure = toDatabaseError(error)
  if (failure instanceof DatabaseError && failure.code.startsWith("22")) noteBadValue()
  if (failure instanceof DatabaseError && failure.unavailable) {
    if (!ownTimeouts.getStore() || !isStopped(failure)) {
      report(false, `${failure.message} Whatever needs it is answered with 503.`)
    }
    noteOutage()
  }
  throw failure
}

/** Codes of a connection that was cut, while another one may do. */
const cutConnection = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "ECONNRESET",
  "EPIPE",
  "57P01",
])

/** Runs a query that only reads; when its connection was cut, once more on another one. */
export async function guardedRead<T>(query: () => Promise<T>): Promise<T> {
  const again = (error: unknown) => {
    const failure = toDatabaseError(error)
    if (failure instanceof DatabaseError && cutConnection.has(failure.code)) return query()
    throw error
  }
  return guarded(() => query().catch(again))
}

/**
 * Runs one query.
 * @throws DatabaseError when the driver fails or does not answer in time
 */
export async function guarded<T>(
  query: () => Promise<T>,
  deadline: number = queryDeadline,
): Promise<T> {
  try {
    const result = await withDeadline(query(), deadline)
    report(true, "The database answers again.")
    return result
  } catch (error) {
    if (!isRefusedParameter(error) || !dropStatementTimeout()) fail(error)
  }
  return guarded(query, deadline)
}
