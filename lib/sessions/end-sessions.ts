/** Ends sessions of a user in one statement, however many: the rows, the news of it, and the events. */
import { APIError } from "better-auth/api"
import { type SQL, sql } from "drizzle-orm"
import { currentAct } from "@/lib/activity/act"
import { namingAct, recordedTransaction } from "@/lib/activity/recorded"
import { guarded } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { isLive } from "./live"

type Asking = { id: string; userId: string }

/**
 * Ends the live sessions that are `which`, of the user whose session asks. The user is held before any
 * of their sessions: two who end several wait for each other, and of two devices that sign each other
 * out one stays.
 * @returns how many that were
 * @throws APIError 401 when the session that asks has ended meanwhile; DatabaseError when the database
 * refuses or cannot answer. Then none has ended
 */
export function endSessions({ id, userId }: Asking, which: SQL = sql`true`): Promise<number> {
  return recordedTransaction(async (tx) => {
    const ending = sql`
      with holder as materialized (
        select id from "user" where ${namingAct(tx, currentAct())} and id = ${userId}
        for no key update
      ), asking as materialized (
        select session.id from session join holder on holder.id = session.user_id
        where session.id = ${id} for key share of session
      ), ended as (
        delete from session
        where exists (select from asking) and user_id = ${userId} and ${isLive} and ${which}
        returning id
      )
      select (select count(*)::int from asking) as asking, (select count(*)::int from ended) as ended`
    const [row] = await guarded(() => rowsOf<{ asking: number; ended: number }>(tx.execute(ending)))
    if (row?.asking !== 1) throw APIError.from("UNAUTHORIZED", unauthorized)
    return row.ended
  })
}

const unauthorized = { code: "UNAUTHORIZED", message: "Unauthorized" }
