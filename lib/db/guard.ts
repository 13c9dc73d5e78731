/**
 * Every query passes here: it waits for its turn, gets a deadline, and its failure becomes a `DatabaseError`
 * that holds no parameters and is noted for `watchForOutage`. No caller may talk to `db` without it.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { setTimeout as pause } from "node:timers/promises"
import { lateError, queryDeadline, withDeadline } from "./deadline"
import {
  DatabaseError,
  isConflict,
  isCut,
  isFull,
  isRefusedParameter,
  isStopped,
  noteBadValue,
  noteOutage,
  toDatabaseError,
} from "./errors"
import { dropStatementTimeout } from "./index"
import { running } from "./running"
import { turns } from "./turns"

// Next makes several bundles of this module; the database is down for all of them or for none.
const shared = globalThis as typeof globalThis & {
  isDatabaseDown?: boolean
  saidStopped?: Map<string, number>
}

/** Says once when the database stops answering and once when it is back, not once per request. */
function report(answered: boolean, message: string): void {
  if (Boolean(shared.isDatabaseDown) !== answered) return
  shared.isDatabaseDown = !answered
  if (answered) console.warn(message)
  else console.error(message)
}

/** A busy database stops many statements for one reason; that is said so often, in milliseconds. */
const stoppedInterval = 10_000

function reportStopped({ code, message }: DatabaseError): void {
  shared.saidStopped ??= new Map()
  const saidAt = shared.saidStopped.get(code) ?? Number.NEGATIVE_INFINITY
  if (performance.now() - saidAt < stoppedInterval) return
  shared.saidStopped.set(code, performance.now())
  console.warn(`${message} What needed it is answered with 503.`)
}

const ownTimeouts = new AsyncLocalStorage<true>()

/**
 * Runs work on many rows that no request waits for and that sets timeouts of its own: when one of its
 * statements is stopped, whoever asked for it is told, and nobody else.
 */
export function withOwnTimeouts<T>(work: () => Promise<T>): Promise<T> {
  return ownTimeouts.run(true, work)
}

/** Notes for `watchForOutage`, and for whoever reads the log, what a failure was that nothing could mend. */
export function note(failure: DatabaseError): void {
  if (failure.code.startsWith("22")) noteBadValue()
  const { message, unavailable } = failure
  if (!unavailable) return
  if (isStopped(failure)) {
    if (!ownTimeouts.getStore()) reportStopped(failure)
  } else {
    report(false, `${message} Whatever needs it is answered with 503.`)
  }
  noteOutage()
}

/** Throws a driver's failure as one that is safe to log, and notes what it was for `watchForOutage`. */
export function fail(error: unknown): never {
  const failure = toDatabaseError(error)
  if (!(failure instanceof DatabaseError)) throw failure
  const transaction = running.getStore()
  // The transaction may be done again as a whole; only then is it known what came of it.
  const isUndone = isConflict(failure) || isCut(failure)
  if (isUndone && transaction?.isOpen) transaction.interruption ??= failure
  else note(failure)
  throw failure
}

/** How often something is done that others get in the way of. */
export const mostTries = 4

/** Waits a moment that is not the same for all who got in each other's way, longer from try to try. */
export const pauseBefore = (tries: number) => pause((10 + Math.random() * 40) * tries)

/** Whether a query that failed may be sent again, because it has not been done. */
function mayTryAgain(error: unknown, isRead: boolean, tries: number): boolean {
  if (isFull(error)) return true
  if (tries >= mostTries) return false
  if (isRefusedParameter(error)) {
    dropStatementTimeout()
    return true
  }
  return isConflict(error) || (isRead && isCut(error))
}

type Kind = "write" | "read" | "urgent read"

/** Sends a query in its turn, again where that may help, as long as its caller waits. */
async function send<T>(query: () => Promise<T>, deadline: number, kind: Kind): Promise<T> {
  const isRead = kind !== "write"
  const begun = performance.now()
  const left = () => deadline - (performance.now() - begun)
  for (let tries = 1; ; tries++) {
    const turn = await turns.take(left(), kind === "urgent read")
    const answer = (async () => query())()
    answer.then(
      () => turns.give(turn),
      (error) => (isFull(error) ? turns.refuse(turn) : turns.give(turn)),
    )
    try {
      // What is written would be written although its caller has been told otherwise: once it has been sent,
      // it gets the time that the server gives it.
      return await withDeadline(answer, isRead ? left() : deadline)
    } catch (error) {
      if (!mayTryAgain(error, isRead, tries)) throw error
      await pauseBefore(tries)
      if (left() <= 0) throw error
    }
  }
}

async function guard<T>(query: () => Promise<T>, deadline: number, kind: Kind): Promise<T> {
  const transaction = running.getStore()
  try {
    let result: T
    if (transaction?.isOpen) {
      if (transaction.isAbandoned) throw lateError()
      // The server would only say so again.
      if (transaction.interruption) throw transaction.interruption
      result = await withDeadline(query(), deadline)
    } else {
      result = await send(query, deadline, kind)
    }
    report(true, "The database answers again.")
    return result
  } catch (error) {
    return fail(error)
  }
}

/**
 * Runs a query that only reads; when its connection was cut, again on another one.
 * @throws DatabaseError when the driver fails or does not answer in time
 */
export const guardedRead = <T>(query: () => Promise<T>, deadline: number = queryDeadline) =>
  guard(query, deadline, "read")

/** The same, before all others: for what every cached read waits for, however busy the database is kept. */
export const guardedUrgentRead = <T>(query: () => Promise<T>, deadline: number) =>
  guard(query, deadline, "urgent read")

/**
 * Runs one query.
 * @throws DatabaseError when the driver fails or does not answer in time
 */
export const guarded = <T>(query: () => Promise<T>, deadline: number = queryDeadline) =>
  guard(query, deadline, "write")
