/**
 * Better Auth's database adapter with every call guarded, and every write that is an event of an
 * account's activity made in a transaction that knows whose act it is.
 */
import type { DBAdapter, DBAdapterInstance, DBTransactionAdapter } from "better-auth"
import type { SQL } from "drizzle-orm"
import { currentAct } from "@/lib/activity/act"
import { holdUser, nameAct, recordedTransaction } from "@/lib/activity/recorded"
import { guarded, guardedRead } from "./guard"
import { holderOf } from "./holder"
import { type Database, db } from "./index"
import type { Transaction } from "./transaction"

/** Columns whose change is an event (`drizzle/0004_activity_triggers.sql`). */
const watched: Record<string, readonly string[]> = {
  user: ["emailVerified", "role", "banned"],
  account: ["password"],
}

/** What a session's rows go through most, being seen and extended, is no event and stays one statement. */
const isCreationRecorded = (model: string) =>
  model === "session" ||
  model in watched ||
  // A second step that rests on a proved password: the database looks whether it is still the account's.
  (model === "verification" && currentAct().provedPassword !== undefined)
const isDeletionRecorded = (model: string) => model === "session"
/** A link or a code that is used up changes something of its user's; two at once must not both. */
const isConsumptionRecorded = (model: string) => model === "session" || model === "verification"
const isUpdateRecorded = (model: string, update: object) =>
  watched[model]?.some((column) => column in update) ?? false

type Methods = Omit<DBTransactionAdapter, "id">

type Write<T> = (adapter: Methods) => Promise<T>

/** Makes a write in a transaction that has been told the act, and holds the user if one is named. */
type Recorder = <T>(write: Write<T>, userId: SQL | null) => Promise<T>

type Call = { model: string; where: Parameters<typeof holderOf>[1] }

/** What became of a write that the database refused by a rule of ours, as the caller is to see it. */
export type Explain = (failure: unknown, model: string) => unknown

function guardMethods<A extends DBTransactionAdapter>(
  adapter: A,
  record: Recorder,
  explain: Explain,
): A {
  const plain: Methods = { ...adapter }
  const explained = <T>(model: string, work: Promise<T>) =>
    work.catch((failure: unknown) => {
      throw explain(failure, model)
    })
  const write = <T>(isRecorded: boolean, { model, where }: Call, call: Write<T>) =>
    isRecorded ? explained(model, record(call, holderOf(model, where))) : guarded(() => call(plain))
  const methods: Methods = {
    create: (call) =>
      write(isCreationRecorded(call.model), { model: call.model, where: [] }, ({ create }) =>
        create(call),
      ),
    findOne: (call) => guardedRead(() => plain.findOne(call)),
    findMany: (call) => guardedRead(() => plain.findMany(call)),
    count: (call) => guardedRead(() => plain.count(call)),
    update: (call) =>
      write(isUpdateRecorded(call.model, call.update), call, ({ update }) => update(call)),
    updateMany: (call) =>
      write(isUpdateRecorded(call.model, call.update), call, ({ updateMany }) => updateMany(call)),
    delete: (call) => write(isDeletionRecorded(call.model), call, (to) => to.delete(call)),
    deleteMany: (call) =>
      write(isDeletionRecorded(call.model), call, ({ deleteMany }) => deleteMany(call)),
    consumeOne: (call) =>
      write(isConsumptionRecorded(call.model), call, ({ consumeOne }) => consumeOne(call)),
    incrementOne: (call) => guarded(() => plain.incrementOne(call)),
  }
  return Object.assign(adapter, methods)
}

/** The session that an act replaces has ended before the act could. */
export class SessionEndedError extends Error {}

/**
 * A Better Auth database adapter whose every call is guarded.
 * @param create makes the adapter, for the database and again for each transaction
 * @param explain turns a refusal of the database's into what Better Auth's caller is told
 */
export function guardAdapter(
  create: (database: Database | Transaction) => DBAdapterInstance,
  explain: Explain = (failure) => failure,
  database: Database = db,
): DBAdapterInstance {
  return (options) => {
    const within = (tx: Transaction): DBAdapter => create(tx)(options)
    const recordIn =
      (tx: Transaction, adapter: Methods): Recorder =>
      async (write, userId) => {
        if (!userId) await nameAct(tx, currentAct())
        else if (!(await holdUser(tx, currentAct(), userId))) throw new SessionEndedError()
        return guarded(() => write(adapter))
      }
    const guardedWithin = (tx: Transaction) => {
      const adapter = within(tx)
      return guardMethods(adapter, recordIn(tx, { ...adapter }), explain)
    }
    // In place: Better Auth keeps its schema check under this very object.
    return Object.assign(
      guardMethods(
        create(database)(options),
        (write, userId) =>
          recordedTransaction((tx) => recordIn(tx, within(tx))(write, userId), { database }),
        explain,
      ),
      {
        transaction: <R>(work: (trx: DBTransactionAdapter) => Promise<R>) =>
          recordedTransaction((tx) => work(guardedWithin(tx)), { database }),
      },
    )
  }
}
