/** Which sessions are live, for SQL of our own: the same as `hasEnded` in `policy.ts` says of a row. */
import { and, gt, type SQL, sql } from "drizzle-orm"
import { session } from "@/lib/db/schema"
import { policy } from "./policy"

/**
 * Whether a session's row is of a live one, by the database's clock: also when the absolute limit was
 * lowered since its end was written.
 */
export const isLive: SQL | undefined = and(
  gt(session.expiresAt, sql`now()`),
  gt(session.createdAt, sql`now() - make_interval(secs => ${policy.absolute}::int)`),
)
