/**
 * Long work on many rows, in batches: each is a transaction with a longer timeout than a request's, that
 * no request waits for. That one is stopped says nothing about the database, and is no outage.
 */
import { sql } from "drizzle-orm"
import { withOwnTimeouts } from "@/lib/db/guard"
import type { Transaction } from "@/lib/db/transaction"
import { type Act, transactionAs } from "./act"

/** Longest that one statement of a batch may take, in milliseconds. */
export const batchTimeout = 10_000

/** Runs one batch of at most two statements in a transaction, as `act`. */
export function batchAs<T>(act: Act, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const timeout = sql`select set_config('statement_timeout', ${`${batchTimeout}ms`}, true)`
  const inTime = async (tx: Transaction) => {
    await tx.execute(timeout)
    return work(tx)
  }
  // Above what the server allows the statements, which also frees the connection.
  return withOwnTimeouts(() => transactionAs(act, inTime, 2 * batchTimeout + 1_000))
}
