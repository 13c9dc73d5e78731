/**
 * What Better Auth has to say, less the outages that `lib/db/guard.ts` reports once for all requests. It
 * quotes clients ("Invalid callbackURL: ..."): nothing of theirs may begin a line or hide one.
 */
import { DatabaseError } from "@/lib/db/errors"
import { lineOf } from "@/lib/log"

const isOutage = (detail: unknown) => detail instanceof DatabaseError && detail.unavailable

/** For Better Auth's `logger`, which calls it for warnings and errors. */
export function log(level: string, message: string, ...details: unknown[]): void {
  if (details.some(isOutage)) return
  const line = lineOf(`[auth] ${message}`, details)
  if (level === "error") console.error(line)
  else console.warn(line)
}
