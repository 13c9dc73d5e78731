/**
 * Transactions, each with one deadline for all of it: what its caller is told of it is what has happened. No
 * two may be open in one call: the embedded database has one connection, and would wait for itself.
 */
import { lateError, queryDeadline, transactionDeadline, withDeadline } from "./deadline"
import {
  DatabaseError,
  isConflict,
  isCut,
  isFull,
  isQueryFailure,
  isRefusedParameter,
} from "./errors"
import { fail, mostTries, note, pauseBefore } from "./guard"
import { type Database, db, dropStatementTimeout } from "./index"
import { findOutcome } from "./outcome"
import { type Running, running } from "./running"
import { turns } from "./turns"

export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0]

/** The transaction that the caller is part of, if any. Work that outlives one is not. */
export function currentTransaction(): Transaction | null {
  const state = running.getStore()
  return state?.isOpen ? (state.tx as Transaction) : null
}

/** Whether the caller is inside a transaction, and would wait for itself if it asked beside it. */
export const isInTransaction = () => currentTransaction() !== null

/** Notes the server's number for the running transaction: by it one can ask whether it was committed. */
export function noteTransactionId(id: string | null): void {
  const state = running.getStore()
  if (state) state.id = id
}

/** A promise to be settled from outside; being rejected unheard is no error. */
function deferred<T>() {
  let settle!: { resolve: (value: T) => void; reject: (error: unknown) => void }
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  promise.catch(() => {})
  return { promise, ...settle }
}

/** Why one try came to nothing, whether that is what the work threw, and whether it is certain. */
class Undone {
  constructor(
    readonly error: unknown,
    readonly interruption: DatabaseError | null,
    readonly isOfWork: boolean,
    readonly isCertain = true,
  ) {}
}

/** Runs the transaction once. @throws Undone when nothing of it has happened, as far as anybody knows */
async function runOnce<R>(
  work: (tx: Transaction) => Promise<R>,
  database: Database,
  left: () => number,
): Promise<R> {
  const begun = deferred<void>()
  const worked = deferred<R>()
  const state: Running<Transaction | null> = {
    tx: null,
    isOpen: false,
    isAbandoned: false,
    interruption: null,
    id: null,
  }
  let isCommitting = false
  let failureOfWork: unknown
  const turn = await turns.take(Math.min(left(), queryDeadline))
  const run = database.transaction(async (tx) => {
    if (state.isAbandoned) throw lateError()
    begun.resolve()
    state.tx = tx
    state.isOpen = true
    try {
      const result = await running.run(state, () => work(tx))
      // Whatever the work made of it, the server has undone everything.
      if (state.interruption) throw state.interruption
      if (state.isAbandoned) throw lateError()
      isCommitting = true
      worked.resolve(result)
      return result
    } catch (error) {
      failureOfWork = error
      worked.reject(error)
      throw error
    } finally {
      state.isOpen = false
    }
  })
  run.then(
    () => turns.give(turn),
    (error) => {
      if (isFull(error)) turns.refuse(turn)
      else turns.give(turn)
      begun.reject(error)
      worked.reject(error)
    },
  )
  try {
    await withDeadline(begun.promise, Math.min(left(), queryDeadline))
    // A failed one is answered without waiting for its rollback, which may hang as well.
    await withDeadline(worked.promise, left())
    return await withDeadline(run, Math.max(left(), queryDeadline))
  } catch (error) {
    state.isAbandoned = true
    const outcome = isCommitting ? await findOutcome(error, run, state.id, database) : "undone"
    if (outcome === "committed") return worked.promise
    throw new Undone(error, state.interruption, error === failureOfWork, outcome === "undone")
  }
}

/** Whether a transaction of which nothing has happened may be begun anew. */
function mayBeginAgain(undone: Undone, tries: number): boolean {
  const { error, interruption, isOfWork, isCertain } = undone
  // It may have happened: done again, it would have happened twice.
  if (!isCertain) return false
  if (!isOfWork && isFull(error)) return true
  if (tries >= mostTries) return false
  if (interruption) return true
  if (isOfWork && !isQueryFailure(error)) return false
  if (isRefusedParameter(error)) {
    dropStatementTimeout()
    return true
  }
  return isConflict(error) || isCut(error)
}

/** Throws what a transaction came to that is not begun again. */
function giveUp({ error, interruption, isOfWork }: Undone): never {
  if (interruption) note(interruption)
  // What the work itself threw has been noted, or has nothing to do with the database.
  const isSafe = error instanceof DatabaseError || !isQueryFailure(error)
  if (isOfWork && isSafe) throw error
  return fail(error)
}

/**
 * Runs `work` in a transaction. When a deadlock, another transaction or a cut connection undid all of it, it is
 * run again: `work` must change nothing but the database, or what it would change in the same way again. Late,
 * it is rolled back: it must not happen once its caller has been told that it has not.
 * @param deadline in milliseconds, for all tries together
 * @throws DatabaseError when the driver fails or does not answer in time; what `work` throws, as it is
 */
export async function guardedTransaction<R>(
  work: (tx: Transaction) => Promise<R>,
  database: Database = db,
  deadline: number = transactionDeadline,
): Promise<R> {
  const begun = performance.now()
  const left = () => deadline - (performance.now() - begun)
  for (let tries = 1; ; tries++) {
    try {
      return await runOnce(work, database, left)
    } catch (error) {
      const undone = error instanceof Undone ? error : new Undone(error, null, false)
      if (!mayBeginAgain(undone, tries)) giveUp(undone)
      await pauseBefore(tries)
      if (left() <= 0) giveUp(undone)
    }
  }
}
