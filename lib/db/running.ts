/** The transaction that is under way in a call: what `guard.ts` and `transaction.ts` know of each other. */
import { AsyncLocalStorage } from "node:async_hooks"
import type { DatabaseError } from "./errors"

export type Running<Transaction = unknown> = {
  tx: Transaction
  /** Its work is being done; what outlives that is not part of it. */
  isOpen: boolean
  /** Nobody waits for it any more: it must not go on, nor commit. */
  isAbandoned: boolean
  /** What undid all of it, and may not happen another time. */
  interruption: DatabaseError | null
  /** The server's number for it, where it is known. */
  id: string | null
}

export const running = new AsyncLocalStorage<Running>()
