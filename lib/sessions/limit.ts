/**
 * How many sessions a user may have: a sign-in that is one too many ends the one idle longest, never
 * itself, and its user is told. Sign-ins at the same time leave exactly as many as may be.
 */
import type { GenericEndpointContext } from "better-auth"
import { sql } from "drizzle-orm"
import { transactionAs } from "@/lib/activity/act"
import { sendSessionLimit } from "@/lib/auth/emails"
import { db } from "@/lib/db"
import { guarded } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { policy } from "./policy"

type Ended = { name: string | null; userAgent: string | null; lastActiveAt: Date | string }

/** An administrator's look at an account is not its user's device. */
const counted = (userId: string) => sql`
  user_id = ${userId} and impersonated_by is null and expires_at > now()`

async function isOverLimit(userId: string): Promise<boolean> {
  const count = sql`select count(*)::int as count from session where ${counted(userId)}`
  const [row] = await guarded(() => rowsOf<{ count: number }>(db.execute(count)))
  return (row?.count ?? 0) > policy.limit
}

/**
 * Ends what is over the limit, `newest` last of all.
 * @returns the ended ones, idle longest first
 */
async function endIdleLongest(userId: string, newest: string): Promise<Ended[]> {
  const act = { kind: "session-limit", actor: "system" } as const
  return guarded(() =>
    transactionAs(act, async (tx) => {
      // One at a time for a user: sign-ins at once would each spare themselves, and end each other.
      await tx.execute(sql`select 1 from "user" where id = ${userId} for no key update`)
      const ended = await rowsOf<Ended>(
        tx.execute(sql`
          delete from session where id in (
            select id from session where ${counted(userId)}
            order by (id = ${newest}) desc, last_active_at desc, id
            offset ${policy.limit}
          )
          returning name, user_agent as "userAgent", last_active_at as "lastActiveAt"`),
      )
      return ended.sort((a, b) => +new Date(a.lastActiveAt) - +new Date(b.lastActiveAt))
    }),
  )
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
  const rows = await endIdleLongest(session.userId, session.id)
  if (rows.length === 0) return
  const ended = rows.map((row) => ({ ...row, lastActiveAt: new Date(row.lastActiveAt) }))
  await ctx.context.runInBackgroundOrAwait(sendSessionLimit(user, { limit: policy.limit, ended }))
}
