/** What came of a transaction whose COMMIT was sent and not answered. Nobody may be told a guess. */
import { setTimeout as pause } from "node:timers/promises"
import { sql } from "drizzle-orm"
import { queryDeadline, withDeadline } from "./deadline"
import { DatabaseError, isCut, toDatabaseError } from "./errors"
import type { Database } from "./index"
import { rowsOf } from "./rows"

/** Longest that one looks for it, in milliseconds, beyond the deadline that has passed. */
const patience = 5_000

const askInterval = 100

/** Whether the server's answer, rather than its silence, was why a commit failed. */
function isAnswered(error: unknown): boolean {
  const failure = toDatabaseError(error)
  if (!(failure instanceof DatabaseError)) return false
  return (
    failure.code !== "DEADLINE" && !isCut(error) && /^(?!08|57P)[0-9A-Z]{5}$/.test(failure.code)
  )
}

type Status = "committed" | "aborted" | "in progress" | null

async function statusOf(id: string, database: Database): Promise<Status> {
  const query = sql`select pg_xact_status(${id}::text::xid8) as status`
  // On a connection of its own, and beside the turns: whoever asks has waited for long enough.
  const [row] = await withDeadline(
    rowsOf<{ status: Status }>(database.execute(query)),
    queryDeadline,
  ).catch(() => [])
  return row?.status ?? null
}

export type Outcome = "committed" | "undone" | "unknown"

/**
 * What became of a transaction, of which `error` is why nobody knows.
 * @param run settles when its connection has answered
 * @param id the server's number for it, if known
 */
export async function findOutcome(
  error: unknown,
  run: Promise<unknown>,
  id: string | null,
  database: Database,
): Promise<Outcome> {
  if (isAnswered(error)) return "undone"
  let answer: Outcome | null = null
  run.then(
    () => {
      answer = "committed"
    },
    (failure) => {
      if (isAnswered(failure)) answer = "undone"
    },
  )
  const begun = performance.now()
  while (performance.now() - begun < patience) {
    await pause(askInterval)
    if (answer !== null) return answer
    const status = id === null ? null : await statusOf(id, database)
    if (status === "committed") return "committed"
    if (status === "aborted") return "undone"
    // There is nothing more to wait for.
    if (id === null && isCut(error)) break
  }
  console.error("The connection was lost during a commit: it may or may not have been done.")
  return "unknown"
}
