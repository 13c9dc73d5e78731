/**
 * How many sessions a user may have: a sign-in that is one too many ends the one idle longest, never
 * itself, and its user is told, once an hour at most. Sign-ins at the same time leave exactly as many as may be.
 */
import type { GenericEndpointContext } from "better-auth"
import { sql } from "drizzle-orm"
import { transactionAs } from "@/lib/activity/act"
import { sendSessionLimit } from "@/lib/auth/emails"
import { db } from "@/lib/db"
import { guardedRead } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { hours } from "@/lib/time"
import { isLive } from "./live"
import { policy } from "./policy"

/** A user is told at most once in this time, in seconds, whoever goes on signing in. */
const mailInterval = hours(1)

type Ended = { name: string | null; userAgent: string | null; lastActiveAt: Date | string }

/** An administrator's look at an account is not its user's device. */
const counted = (userId: string) => sql`
  user_id = ${userId} and impersonated_by is null and ${isLive}`

async function isOverLimit(userId: string): Promise<boolean> {
  const count = sql`select count(*)::int as count from session where ${counted(userId)}`
  const [row] = await guardedRead(() => rowsOf<{ count: number }>(db.execute(count)))
  return (row?.count ?? 0) > policy.limit
}

/** Whether the latest session that ended by the limit did so of late; before more of them end. */
const wasToldOfLate = (userId: string) => sql`
  select 1 from (
    select at from activity where user_id = ${userId} and kind = 'session-limit'
    order by (-id) limit 1
  ) latest
  where at > now() - make_interval(secs => ${mailInterval}::int)`

/**
 * Ends what is over the limit, `newest` last of all.
 * @returns the ended ones, idle longest first, and whether their user is to be told
 */
async function endIdleLongest(
  userId: string,
  newest: string,
): Promise<{ ended: Ended[]; isNews: boolean }> {
  const act = { kind: "session-limit", actor: "system" } as const
  return transactionAs(act, async (tx) => {
    // One at a time for a user: sign-ins at once would each spare themselves, and end each other.
    await tx.execute(sql`select 1 from "user" where id = ${userId} for no key update`)
    const told = await rowsOf(tx.execute(wasToldOfLate(userId)))
    const ended = await rowsOf<Ended>(
      tx.execute(sql`
        delete from session where id in (
          select id from session where ${counted(userId)}
          order by (id = ${newest}) desc, last_active_at desc, id
          offset ${policy.limit}
        )
        returning name, user_agent as "userAgent", last_active_at as "lastActiveAt"`),
    )
    ended.sort((a, b) => +new Date(a.lastActiveAt) - +new Date(b.lastActiveAt))
    return { ended, isNews: told.length === 0 }
  })
}

/** For every answer: when it begins a session that is one too many, the ones idle longest end. */
export async function endSessionsOverLimit(ctx: GenericEndpointContext): Promise<void> {
  const { newSession, authCookies, secret } = ctx.context
  if (!newSession) return
  const { session, user } = newSession
  // Better Auth also calls a session new whose cookie it sends again.
  const token = await ctx.getSignedCookie(authCookies.sessionToken.name, secret)
  if (token === session.token || session.impersonatedBy) return
  if (!(await isOverLimit(session.userId))) return
  const { ended: rows, isNews } = await endIdleLongest(session.userId, session.id)
  if (rows.length === 0 || !isNews) return
  const ended = rows.map((row) => ({ ...row, lastActiveAt: new Date(row.lastActiveAt) }))
  await ctx.context.runInBackgroundOrAwait(sendSessionLimit(user, { limit: policy.limit, ended }))
}
