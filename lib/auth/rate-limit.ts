/**
 * How often something may be done, counted in the database in one statement, for all servers together.
 * A key is short and of our own making: paths count by their template, so that guessing in a path is
 * limited like guessing in a body, and people by a hash.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { createHash, randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { db } from "@/lib/db"
import { guarded } from "@/lib/db/guard"
import { rowsOf } from "@/lib/db/rows"
import { days } from "@/lib/time"

/** At most `max` times, and then not for `window` seconds after the last time. */
export type Limit = { window: number; max: number }

type Decision = { allowed: boolean; retryAfter: number | null }

const templates = new AsyncLocalStorage<string>()

/** Runs the handling of one request, which is counted as one for `template`. */
export function countedAs<T>(template: string, work: () => Promise<T>): Promise<T> {
  return templates.run(template, work)
}

/** No count is needed for longer, in milliseconds. A few older rows go with each that is written. */
const longestWindow = days(1) * 1000

/** What an index takes without complaint. */
const longestKey = 255

export const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url")

/** Better Auth's key, "<address>|<path>", with the template in place of the path. */
function keyOf(key: string): string {
  const template = templates.getStore()
  const own = template === undefined ? key : `${key.slice(0, key.indexOf("|"))}|${template}`
  return own.length > longestKey ? hashOf(own) : own
}

/** Counts one time more, unless that is too much. */
export async function consume(key: string, { window, max }: Limit): Promise<Decision> {
  const now = Date.now()
  const since = now - window * 1000
  // Who is over the limit is only read, so that a flood writes nothing and waits for no lock.
  const [row] = await guarded(() =>
    rowsOf<{ written: boolean; last: string | number | null }>(
      db.execute(sql`
        with seen as (
          select count, last_request from rate_limit where key = ${key}
        ), written as (
          insert into rate_limit (id, key, count, last_request)
          select ${randomUUID()}, ${key}, 1, ${now}::bigint
          where not exists (
            select 1 from seen where last_request > ${since}::bigint and count >= ${max}::int
          )
          on conflict (key) do update set
            count = case
              when rate_limit.last_request > ${since}::bigint then rate_limit.count + 1 else 1
            end,
            last_request = excluded.last_request
          where rate_limit.last_request <= ${since}::bigint or rate_limit.count < ${max}::int
          returning 1
        ), pruned as (
          delete from rate_limit where id in (
            select id from rate_limit where last_request < ${now - longestWindow}::bigint
            limit 5 for update skip locked
          )
        )
        select exists (select 1 from written) as written, (select last_request from seen) as last`),
    ),
  )
  if (row?.written) return { allowed: true, retryAfter: null }
  const wait = Math.ceil((Number(row?.last ?? now) - since) / 1000)
  return { allowed: false, retryAfter: Math.max(1, wait) }
}

/** For Better Auth's `rateLimit.customStorage`. */
export const requestCounts = {
  consume: (key: string, limit: Limit) => consume(keyOf(key), limit),
}
