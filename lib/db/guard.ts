/**
 * Every query passes here: it gets a deadline, and its failure becomes a `DatabaseError` that holds
 * no parameters and is noted for `watchForOutage`. No caller may talk to `db` without it.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import type { DBAdapter, DBAdapterInstance, DBTransactionAdapter } from "better-auth"
import {
  DatabaseError,
  isRefusedParameter,
  noteBadValue,
  noteOutage,
  toDatabaseError,
} from "./errors"
import { dropStatementTimeout } from "./index"

/**
 * Longest a caller waits for the database, in milliseconds: for a connection from the pool as well
 * as for the answer. Above the server's own `statement_timeout`, which also frees the connection.
 */
const queryDeadline = 2_500

function withDeadline<T>(work: Promise<T>, deadline: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = "The database did not answer in time (DEADLINE)."
      // On a busy machine the answer may be here already, only not read yet: that comes first.
      setImmediate(() => reject(new DatabaseError(late, "DEADLINE", true)))
    }, deadline)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

// Next makes several bundles of this module; the database is down for all of them or for none.
const shared = globalThis as typeof globalThis & { isDatabaseDown?: boolean }

/** Says once when the database stops answering and once when it is back, not once per request. */
function report(answered: boolean, message: string): void {
  if (Boolean(shared.isDatabaseDown) !== answered) return
  shared.isDatabaseDown = !answered
  if (answered) console.warn(message)
  else console.error(message)
}

function fail(error: unknown): never {
  const failure = toDatabaseError(error)
  if (failure instanceof DatabaseError && failure.code.startsWith("22")) noteBadValue()
  if (failure instanceof DatabaseError && failure.unavailable) {
    report(false, `${failure.message} Whatever needs it is answered with 503.`)
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

const transactions = new AsyncLocalStorage<true>()

/** Whether the caller is inside a transaction, and would wait for itself if it asked beside it. */
export const isInTransaction = () => transactions.getStore() === true

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
 * The same for a transaction. It has a deadline to begin and one to commit; its queries have their
 * own. One that begins after its caller was answered does nothing, and a failed one is answered
 * without waiting for its rollback, which may hang as well.
 */
async function guardedTransaction<R>(
  adapter: DBAdapter,
  work: (trx: DBTransactionAdapter) => Promise<R>,
): Promise<R> {
  const begun = deferred<void>()
  const worked = deferred<void>()
  let isAbandoned = false
  let failureOfWork: unknown
  const run = adapter.transaction(async (trx) => {
    if (isAbandoned) throw new Error("Nobody waits for this transaction any more.")
    begun.resolve()
    try {
      const result = await transactions.run(true, () => work(guardMethods(trx)))
      worked.resolve()
      return result
    } catch (error) {
      failureOfWork = error
      worked.reject(error)
      throw error
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
  return guardedTransaction(adapter, work)
}

function guardMethods<A extends DBTransactionAdapter>(adapter: A): A {
  const { create, findOne, findMany, count, update, updateMany } = adapter
  const { delete: remove, deleteMany, consumeOne, incrementOne } = adapter
  const methods: Omit<DBTransactionAdapter, "id"> = {
    create: (call) => guarded(() => create(call)),
    findOne: (call) => guardedRead(() => findOne(call)),
    findMany: (call) => guardedRead(() => findMany(call)),
    count: (call) => guardedRead(() => count(call)),
    update: (call) => guarded(() => update(call)),
    updateMany: (call) => guarded(() => updateMany(call)),
    delete: (call) => guarded(() => remove(call)),
    deleteMany: (call) => guarded(() => deleteMany(call)),
    consumeOne: (call) => guarded(() => consumeOne(call)),
    incrementOne: (call) => guarded(() => incrementOne(call)),
  }
  return Object.assign(adapter, methods)
}

/** A Better Auth database adapter whose every call is guarded. */
export function guardAdapter(create: DBAdapterInstance): DBAdapterInstance {
  return (options) => {
    const adapter = create(options)
    const unguarded = { ...adapter }
    // In place: Better Auth keeps its schema check under this very object.
    return Object.assign(guardMethods(adapter), {
      transaction: <R>(work: (trx: DBTransactionAdapter) => Promise<R>) =>
        guardedTransaction(unguarded, work),
    })
  }
}
