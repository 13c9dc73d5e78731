/** What Better Auth has to say, less the outages that `lib/db/guard.ts` reports once for all requests. */
import { DatabaseError } from "@/lib/db/errors"

const isOutage = (detail: unknown) => detail instanceof DatabaseError && detail.unavailable

/** For Better Auth's `logger`, which calls it for warnings and errors. */
export function log(level: string, message: string, ...details: unknown[]): void {
  if (details.some(isOutage)) return
  if (level === "error") console.error(`[auth] ${message}`, ...details)
  else console.warn(`[auth] ${message}`, ...details)
}
