/**
 * Who is doing what, for the triggers that write the activity: it travels in the transaction's own
 * setting `app.act`, so that an event is written in the transaction of its act or not at all.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { sql } from "drizzle-orm"
import { db } from "@/lib/db"
import type { ActivityKind } from "./view"

/** What the triggers cannot know from the rows; whatever is left out they decide themselves. */
export type Act = {
  kind?: ActivityKind
  reason?: string
  actor?: "user" | "admin" | "system"
  actorId?: string | null
  ipAddress?: string | null
  userAgent?: string | null
  city?: string | null
  country?: string | null
}

const acts = new AsyncLocalStorage<Act>()

/** The act that is under way, or an empty one. */
export const currentAct = (): Act => acts.getStore() ?? {}

/** Runs `work`; what it changes in the database is recorded as part of `act` (over the one under way). */
export function withAct<T>(act: Act, work: () => Promise<T>): Promise<T> {
  return acts.run({ ...currentAct(), ...act }, work)
}

type Transaction = Parameters<Parameters<typeof db.transaction>[0]>[0]

/** Runs SQL of our own in one transaction, as `act`: for scripts, clean-up and administration. */
export function transactionAs<T>(act: Act, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return withAct(act, () =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('app.act', ${JSON.stringify(currentAct())}, true)`)
      return work(tx)
    }),
  )
}
