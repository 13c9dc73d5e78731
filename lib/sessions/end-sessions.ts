/** Ends sessions of a user in one statement, however many: the rows, the news of it, and the events. */
import { and, eq, type SQL } from "drizzle-orm"
import { currentAct } from "@/lib/activity/act"
import { namingAct, recordedTransaction } from "@/lib/activity/recorded"
import { guarded } from "@/lib/db/guard"
import { session } from "@/lib/db/schema"
import { isLive } from "./live"

/**
 * Ends the user's live sessions that are `which`.
 * @returns how many that were
 * @throws DatabaseError when the database refuses or cannot answer; then none has ended
 */
export function endSessions(userId: string, which?: SQL): Promise<number> {
  return recordedTransaction(async (tx) => {
    const ended = await guarded(() =>
      tx
        .delete(session)
        .where(and(namingAct(tx, currentAct()), eq(session.userId, userId), isLive, which))
        .returning({ id: session.id })
        .execute(),
    )
    return ended.length
  })
}
