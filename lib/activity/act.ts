/**
 * Who is doing what, for the triggers that write the activity: it travels in the transaction's own
 * setting `app.act`, so that an event is written in the transaction of its act or not at all.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { isQueryFailure } from "@/lib/db/errors"
import { fail } from "@/lib/db/guard"
import type { Transaction } from "@/lib/db/transaction"
import { policy } from "@/lib/sessions/policy"
import { actOf, nameAct, recordedTransaction } from "./recorded"
import { requestAct } from "./request-act"
import type { ActivityKind } from "./view"

/** What the triggers cannot know from the rows; whatever is left out they decide themselves. */
export type Act = {
  /** Matters where a table leaves it open: the ways a session ends, and a password reset. */
  kind?: ActivityKind
  reason?: string
  actor?: "user" | "admin" | "system"
  actorId?: string | null
  /** The user's own session in which they act. */
  sessionId?: string | null
  ipAddress?: string | null
  userAgent?: string | null
  city?: string | null
  country?: string | null
  /** The session that only gets another id: neither its end nor the beginning of the new one counts. */
  replaces?: string
  /** The fingerprint of the stored password that the act rests on; it must still be the account's. */
  provedPassword?: string
  /** In seconds: a session that has expired after so long did so however much it was used. */
  absoluteLifetime?: number
  /** The same with "Remember me" off. */
  forgottenLifetime?: number
}

const acts = new AsyncLocalStorage<Act>()

/** The act that is under way: the running request's, with what code has said about it since. */
export const currentAct = (): Act => ({
  absoluteLifetime: policy.absolute,
  forgottenLifetime: policy.forgotten,
  ...requestAct(),
  ...acts.getStore(),
})

/** Runs `work`; what it changes in the database is recorded as part of `act` (over the one under way). */
export function withAct<T>(act: Act, work: () => Promise<T>): Promise<T> {
  return acts.run({ ...acts.getStore(), ...act }, work)
}

/**
 * Runs SQL of our own in one transaction, as `act`: for scripts, clean-up and administration. Inside a
 * transaction that is under way it is part of that one. `work` may be run again: see `guardedTransaction`.
 * @param deadline in milliseconds, for all of it
 * @throws DatabaseError when a query fails
 */
export function transactionAs<T>(
  act: Act,
  work: (tx: Transaction) => Promise<T>,
  deadline?: number,
): Promise<T> {
  const run = () =>
    recordedTransaction(
      async (tx) => {
        const outer = actOf(tx)
        await nameAct(tx, currentAct())
        const result = await work(tx).catch((error: unknown) =>
          isQueryFailure(error) ? fail(error) : Promise.reject(error),
        )
        if (outer) await nameAct(tx, outer)
        return result
      },
      { deadline },
    )
  return withAct(act, run)
}
