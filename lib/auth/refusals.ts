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

/** By SQLSTATE, and by the table it was about. */
const refusals: Record<string, (model: string) => APIError | undefined> = {
  // Two sign-ups with one address at once.
  "23505": (model) =>
    model === "user"
      ? APIError.from(
          "UNPROCESSABLE_ENTITY",
          BASE_ERROR_CODES.USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
        )
      : undefined,
  "23B01": () => bannedError(null),
  "23B02": (model) =>
    model !== "account"
      ? APIError.from("UNAUTHORIZED", BASE_ERROR_CODES.INVALID_EMAIL_OR_PASSWORD)
      : APIError.from("BAD_REQUEST", BASE_ERROR_CODES.INVALID_PASSWORD),
  "23B03": () => APIError.from("FORBIDDEN", adminErrors.CANNOT_IMPERSONATE_BANNED),
  "23B04": () => APIError.from("UNAUTHORIZED", unauthorized),
  "23B05": () => APIError.from("FORBIDDEN", adminErrors.NOT_ADMIN),
  "23B07": () => APIError.from("NOT_FOUND", adminErrors.USER_NOT_FOUND),
  "23B06": () => APIError.from("FORBIDDEN", adminErrors.CANNOT_IMPERSONATE_ADMIN),
}

/** For `guardAdapter`: an answer in place of a refusal, anything else as it is. */
export function explainRefusal(failure: unknown, model: string): unknown {
  if (failure instanceof SessionEndedError) return APIError.from("UNAUTHORIZED", unauthorized)
  if (!(failure instanceof DatabaseError)) return failure
  return refusals[failure.code]?.(model) ?? failure
}
