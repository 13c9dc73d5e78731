/**
 * Database failures, told apart and made safe to log. Drivers and Drizzle put the parameters of a
 * failed query (session tokens, email addresses) into their messages: none of that may get past here.
 */
import { AsyncLocalStorage } from "node:async_hooks"

/** SQLSTATE classes in which the database worked and the query was at fault. */
const queryAtFault = ["22", "23", "42", "54"]

/**
 * A failed query, without its parameters.
 * `unavailable` is true when the database could not answer (unreachable, overloaded, too slow) and
 * the same query may succeed later.
 */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError"
  constructor(
    message: string,
    /** SQLSTATE, a driver's or the system's error code, or "UNKNOWN". */
    readonly code: string,
    readonly unavailable: boolean,
  ) {
    super(message)
  }
}

function codeOf(error: unknown): string | null {
  // Drizzle wraps the driver's error, and Node wraps failed connections: the code sits on a cause.
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code
    if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0])
  }
  return null
}

/** Whether a pooler in front of Postgres refused a parameter of ours when connecting. */
export function isRefusedParameter(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/unsupported startup parameter/i.test(cause.message)) return true
  }
  return false
}

/** Whether the server, or a pooler in front of it, takes no more connections for now. */
export function isFull(error: unknown): boolean {
  if (codeOf(error) === "53300") return true
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // PgBouncer and Supavisor have no code of their own for it.
    if (
      /no more connections allowed|max(imum)? clients? (connections )?reached/i.test(cause.message)
    )
      return true
  }
  return false
}

/** What of the database's own accord ended one statement, while it answers others. */
const stopped = new Map([
  ["57014", "it took too long, or somebody cancelled it"],
  ["55P03", "it waited too long for a lock"],
  ["40P01", "it was part of a deadlock"],
  ["40001", "another transaction came first"],
])

/** Whether the database stopped one statement; it answers, and may well do a smaller one. */
export const isStopped = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError &&
  (stopped.has(error.code) || error.code === "BUSY" || error.code === "DEADLINE")

/** Undone as a whole because of what others did at the same moment: the same may work when done again. */
const conflicts = new Set(["40P01", "40001"])

export const isConflict = (error: unknown): boolean => conflicts.has(codeOf(error) ?? "")

/** Codes of a connection that was cut, while another one may do. */
const cutConnection = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "ECONNRESET",
  "EPIPE",
  "57P01",
])

export const isCut = (error: unknown): boolean => cutConnection.has(codeOf(error) ?? "")

/** Whether the database could not answer at all. */
export const isOutage = (error: unknown): boolean =>
  error instanceof DatabaseError && error.unavailable && !isStopped(error)

const isFromDrizzle = (error: unknown) =>
  error instanceof Error && error.constructor.name === "DrizzleQueryError"

/** Whether an error is a query's, guarded or not, and not of the code around it. */
export const isQueryFailure = (error: unknown): boolean =>
  error instanceof DatabaseError || isFromDrizzle(error)

/** Turns whatever a driver threw into a `DatabaseError`; returns anything else unchanged. */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseError) return error
  const code = codeOf(error)
  if (code === null && !isFromDrizzle(error)) return error
  if (code !== null && queryAtFault.includes(code.slice(0, 2)) && code.length === 5) {
    return new DatabaseError(`The database refused a query (${code}).`, code, false)
  }
  const reason = stopped.get(code ?? "")
  if (code !== null && reason) {
    return new DatabaseError(`The database stopped a query: ${reason} (${code}).`, code, true)
  }
  return new DatabaseError(
    `The database cannot answer (${code ?? "UNKNOWN"}).`,
    code ?? "UNKNOWN",
    true,
  )
}

type Watch = { unavailable: boolean; badValue: boolean; refusedWrite: boolean }

const outages = new AsyncLocalStorage<Watch>()

/** Notes on the running `watchForOutage`, if any, that a query failed for want of a database. */
export function noteOutage(): void {
  const watch = outages.getStore()
  if (watch) watch.unavailable = true
}

/** Notes that the database refused a value as such, for example text with a NUL character. */
export function noteBadValue(): void {
  const watch = outages.getStore()
  if (watch) watch.badValue = true
}

/** Notes that a write was refused and taken back, whatever the caller makes of it. */
export function noteRefusedWrite(): void {
  const watch = outages.getStore()
  if (watch) watch.refusedWrite = true
}

export type Outcome<T> =
  | { unavailable: true }
  | { unavailable: false; badValue: boolean; refusedWrite: boolean; value: T }

/**
 * Runs `work` and tells whether the database was unavailable at any point in it, even where a
 * library in between caught the error and answered something else (Better Auth answers 401).
 */
export async function watchForOutage<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  const watch = { unavailable: false, badValue: false, refusedWrite: false }
  try {
    const value = await outages.run(watch, work)
    const { unavailable, ...refused } = watch
    return unavailable ? { unavailable } : { unavailable, ...refused, value }
  } catch (error) {
    // It may have been noted by another request, whose query this one shared.
    const isOutage = error instanceof DatabaseError && error.unavailable
    if (watch.unavailable || isOutage) return { unavailable: true }
    throw error
  }
}

/** Runs `work` whose failure is not its request's: no `watchForOutage` around it hears of it. */
export function withoutWatch<T>(work: () => T): T {
  return outages.exit(work)
}
