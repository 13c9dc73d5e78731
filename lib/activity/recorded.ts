/**
 * Transactions whose events are known: the act is named in them for the triggers, and once they are
 * committed each event becomes a line in the log. What is rolled back leaves neither.
 */
import { and, eq, gte, type SQL, sql } from "drizzle-orm"
import type { Database } from "@/lib/db"
import { DatabaseError, noteRefusedWrite } from "@/lib/db/errors"
import { guarded } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { activity } from "@/lib/db/schema"
import {
  currentTransaction,
  guardedTransaction,
  noteTransactionId,
  type Transaction,
} from "@/lib/db/transaction"
import type { Act } from "./act"
import { type LoggedEvent, logEvents, mostLines } from "./log"

const named = new WeakMap<Transaction, Act>()

/** The act that a transaction has been told, if any. */
export const actOf = (tx: Transaction): Act | undefined => named.get(tx)

/** Tells the triggers whose act the following statements of the transaction are; costs a query once. */
export async function nameAct(tx: Transaction, act: Act): Promise<void> {
  const text = JSON.stringify(act)
  if (text === JSON.stringify(named.get(tx))) return
  await guarded(async () => tx.execute(sql`select set_config('app.act', ${text}, true)`))
  named.set(tx, act)
}

/**
 * Names the act and holds the user it is about until the transaction ends: whoever else begins, ends or
 * changes something of theirs waits, and what is looked at from here on stays as it is.
 * @param userId an expression for the user's id; it may find nobody
 * @returns false when the act replaces a session that has ended meanwhile, and must not go on
 */
export async function holdUser(tx: Transaction, act: Act, userId: SQL): Promise<boolean> {
  const isNamed = named.has(tx)
  const [found] = await guarded(() =>
    rowsOf<{ replaced: number }>(
      tx.execute(sql`
        with holder as materialized (
          select id from "user" where id in (${userId}) order by id for no key update
        ), replaced as materialized (
          select id from session
          where id = ${act.replaces ?? null} and (select count(*) from holder) >= 0
          for key share
        )
        select set_config('app.act', ${JSON.stringify(act)}, true),
          (select count(*)::int from holder) as held, (select count(*)::int from replaced) as replaced`),
    ),
  )
  named.set(tx, act)
  // Asked once: later on it is this very transaction that has ended it.
  return isNamed || act.replaces === undefined || found?.replaced === 1
}

/**
 * A condition, always true, that tells the triggers whose act the very statement is it stands in: one
 * query less. For a statement that is the transaction's first.
 */
export function namingAct(tx: Transaction, act: Act): SQL {
  named.set(tx, act)
  // In a query of its own, which runs once and before any row is looked at.
  return sql`(select set_config('app.act', ${JSON.stringify(act)}, true)) is not null`
}

/**
 * What the transaction has recorded so far, up to what will be logged, and how much there is. Also notes the
 * transaction's number, which comes with it: a row without an event when there is none.
 */
async function readEvents(tx: Transaction) {
  const own = sql`(select pg_current_xact_id_if_assigned() as id) own`
  const rows = await guarded(async () =>
    tx
      .select({
        transaction: sql<string | null>`own.id::text`,
        kind: activity.kind,
        at: activity.at,
        userId: activity.userId,
        sessionId: activity.sessionId,
        actor: activity.actor,
        actorId: activity.actorId,
        ipAddress: activity.ipAddress,
        userAgent: activity.userAgent,
        city: activity.city,
        country: activity.country,
        from: sql<string | null>`${activity.detail} ->> 'from'`,
        to: sql<string | null>`${activity.detail} ->> 'to'`,
        bySessionId: sql<string | null>`${activity.detail} ->> 'bySessionId'`,
        reason: sql<string | null>`${activity.detail} ->> 'reason'`,
        total: sql<number>`(count(*) over ())::int`,
      })
      .from(own)
      // A restored database counts its transactions anew: what it brought along is not of this one.
      .leftJoin(activity, and(eq(activity.transaction, sql`own.id`), gte(activity.at, sql`now()`)))
      .orderBy(activity.id)
      .limit(mostLines),
  )
  noteTransactionId(rows[0]?.transaction ?? null)
  const events = rows.flatMap((row) => {
    const { kind, at, userId, actor } = row
    return kind && at && userId && actor ? [{ ...row, kind, at, userId, actor }] : []
  })
  return { events, total: events[0]?.total ?? 0 }
}

const nothing: { events: LoggedEvent[]; total: number } = { events: [], total: 0 }

/** Runs `work` in a transaction, or in the one that is under way. Its events are logged when it is done. */
export async function recordedTransaction<R>(
  work: (tx: Transaction) => Promise<R>,
  { database, deadline }: { database?: Database; deadline?: number | undefined } = {},
): Promise<R> {
  const running = currentTransaction()
  if (running) return work(running)
  const recorded = async (tx: Transaction) => {
    const result = await work(tx)
    return { result, ...(named.has(tx) ? await readEvents(tx) : nothing) }
  }
  try {
    const { result, events, total } = await guardedTransaction(recorded, database, deadline)
    logEvents(events, total)
    return result
  } catch (error) {
    if (error instanceof DatabaseError && !error.unavailable) noteRefusedWrite()
    throw error
  }
}
