/** Whether this server can do its work, for load balancers and for people on call. */
import { sql } from "drizzle-orm"
import { db } from "./db"
import { DatabaseError } from "./db/errors"
import { guardedRead } from "./db/guard"

/** False when the database does not answer; anything else that is wrong throws. */
export async function isHealthy(): Promise<boolean> {
  try {
    await guardedRead(() => Promise.resolve(db.execute(sql`select 1`)), 2_000)
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.unavailable) return false
    throw error
  }
}
