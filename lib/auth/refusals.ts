/**
 * What a request is told when the database refuses what was allowed when it was checked: the rules are
 * the triggers' (`drizzle/`, "hold what was checked"), and the answers those of the check before.
 */
import { APIError, BASE_ERROR_CODES } from "@better-auth/core/error"
import { bannedError } from "@/lib/admin/bans"
import { adminErrors } from "@/lib/admin/errors"
import { SessionEndedError } from "@/lib/db/adapter"
import { DatabaseError } from "@/lib/db/errors"

const unauthorized = { code: "UNAUTHORIZED", message: "Unauthorized" }

/** By SQLSTATE, and by whether it is a session that was to begin. */
const refusals: Record<string, (beginsSession: boolean) => APIError> = {
  "23B01": () => bannedError(null),
  "23B02": (beginsSession) =>
    beginsSession
      ? APIError.from("UNAUTHORIZED", BASE_ERROR_CODES.INVALID_EMAIL_OR_PASSWORD)
      : APIError.from("BAD_REQUEST", BASE_ERROR_CODES.INVALID_PASSWORD),
  "23B03": () => APIError.from("FORBIDDEN", adminErrors.NOT_ADMIN),
}

/** For `guardAdapter`: an answer in place of a refusal, anything else as it is. */
export function explainRefusal(failure: unknown, model: string): unknown {
  if (failure instanceof SessionEndedError) return APIError.from("UNAUTHORIZED", unauthorized)
  if (!(failure instanceof DatabaseError)) return failure
  return refusals[failure.code]?.(model === "session") ?? failure
}
