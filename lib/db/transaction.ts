/**
 * Transactions, with a deadline to begin and one to commit; their queries have their own. No two
 * may be open in one call: the embedded database has one connection, and would wait for itself.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { queryDeadline, withDeadline } from "./deadline"
import { isRefusedParameter } from "./errors"
import { fail } from "./guard"
import { type Database, db, dropStatementTimeout } from "./index"

export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0]

const running = new AsyncLocalStorage<{ tx: Transaction; isOpen: boolean }>()

/** The transaction that the caller is part of, if any. Work that outlives one is not. */
export function currentTransaction(): Transaction | null {
  const state = running.getStore()
  return state?.isOpen ? state.tx : null
}

/** Whether the caller is inside a transaction, and would wait for itself if it asked beside it. */
export const isInTransaction = () => currentTransaction() !== null

/** A promise to be settled from outside; being rejected unheard is no error. */
function deferred<T>() {
  let settle!: { resolve: (value: T) => void; reject: (error: unknown) => void }
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  promise.catch(() => {})
  return { promise, ...settle }
}

/**
 * Runs `work` in a transaction. One that begins after its caller was answered does nothing, and a failed
 * one is answered without waiting for its rollback, which may hang as well.
 * @throws DatabaseError when the driver fails or does not answer in time; what `work` throws, as it is
 */
export async function guardedTransaction<R>(
  work: (tx: Transaction) => Promise<R>,
  database: Database = db,
): Promise<R> {
  const begun = deferred<void>()
  const worked = deferred<void>()
  let isAbandoned = false
  let failureOfWork: unknown
  const run = database.transaction(async (tx) => {
    if (isAbandoned) throw new Error("Nobody waits for this transaction any more.")
    begun.resolve()
    const state = { tx, isOpen: true }
    try {
      const result = await running.run(state, () => work(tx))
      worked.resolve()
      return result
    } catch (error) {
      failureOfWork = error
      worked.reject(error)
      throw error
    } finally {
      state.isOpen = false
    }
  })
  run.catch((error) => {
    begun.reject(error)
    worked.reject(error)
  })
  try {
    await withDeadline(begun.promise, queryDeadline)
    await worked.promise
    return await withDeadline(run, queryDeadline)
  } catch (error) {
    isAbandoned = true
    // What the work itself threw is already safe, or nothing to do with the database.
    if (failureOfWork !== undefined && error === failureOfWork) throw error
    if (!isRefusedParameter(error) || !dropStatementTimeout()) fail(error)
  }
  return guardedTransaction(work, database)
}
