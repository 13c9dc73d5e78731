/**
 * Better Auth's database adapter with every call guarded, and every write that is an event of an
 * account's activity made in a transaction that knows whose act it is.
 */
import type { DBAdapter, DBAdapterInstance, DBTransactionAdapter } from "better-auth"
import { currentAct } from "@/lib/activity/act"
import { nameAct, recordedTransaction } from "@/lib/activity/recorded"
import { guarded, guardedRead } from "./guard"
import { type Database, db } from "./index"
import type { Transaction } from "./transaction"

/** Columns whose change is an event (`drizzle/0004_activity_triggers.sql`). */
const watched: Record<string, readonly string[]> = {
  user: ["emailVerified", "role", "banned"],
  account: ["password"],
}

/** What a session's rows go through most, being seen and extended, is no event and stays one statement. */
const isCreationRecorded = (model: string) => model === "session" || model in watched
const isDeletionRecorded = (model: string) => model === "session"
const isUpdateRecorded = (model: string, update: object) =>
  watched[model]?.some((column) => column in update) ?? false

type Methods = Omit<DBTransactionAdapter, "id">

/** Makes a write in a transaction that has been told the act. */
type Recorder = <T>(write: (adapter: Methods) => Promise<T>) => Promise<T>

function guardMethods<A extends DBTransactionAdapter>(adapter: A, record: Recorder): A {
  const plain: Methods = { ...adapter }
  const write = <T>(isRecorded: boolean, call: (adapter: Methods) => Promise<T>) =>
    isRecorded ? record(call) : guarded(() => call(plain))
  const methods: Methods = {
    create: (call) => write(isCreationRecorded(call.model), ({ create }) => create(call)),
    findOne: (call) => guardedRead(() => plain.findOne(call)),
    findMany: (call) => guardedRead(() => plain.findMany(call)),
    count: (call) => guardedRead(() => plain.count(call)),
    update: (call) =>
      write(isUpdateRecorded(call.model, call.update), ({ update }) => update(call)),
    updateMany: (call) =>
      write(isUpdateRecorded(call.model, call.update), ({ updateMany }) => updateMany(call)),
    delete: (call) => write(isDeletionRecorded(call.model), (to) => to.delete(call)),
    deleteMany: (call) =>
      write(isDeletionRecorded(call.model), ({ deleteMany }) => deleteMany(call)),
    consumeOne: (call) =>
      write(isDeletionRecorded(call.model), ({ consumeOne }) => consumeOne(call)),
    incrementOne: (call) => guarded(() => plain.incrementOne(call)),
  }
  return Object.assign(adapter, methods)
}

/**
 * A Better Auth database adapter whose every call is guarded.
 * @param create makes the adapter, for the database and again for each transaction
 */
export function guardAdapter(
  create: (database: Database | Transaction) => DBAdapterInstance,
  database: Database = db,
): DBAdapterInstance {
  return (options) => {
    const within = (tx: Transaction): DBAdapter => create(tx)(options)
    const recordIn =
      (tx: Transaction, adapter: Methods): Recorder =>
      async (write) => {
        await nameAct(tx, currentAct())
        return guarded(() => write(adapter))
      }
    const guardedWithin = (tx: Transaction) => {
      const adapter = within(tx)
      return guardMethods(adapter, recordIn(tx, { ...adapter }))
    }
    // In place: Better Auth keeps its schema check under this very object.
    return Object.assign(
      guardMethods(create(database)(options), (write) =>
        recordedTransaction((tx) => recordIn(tx, within(tx))(write), { database }),
      ),
      {
        transaction: <R>(work: (trx: DBTransactionAdapter) => Promise<R>) =>
          recordedTransaction((tx) => work(guardedWithin(tx)), { database }),
      },
    )
  }
}
