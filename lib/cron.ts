/**
 * What a scheduler calls over HTTP. It must know `CRON_SECRET`; without that set, nobody may call.
 */
import { createHash, timingSafeEqual } from "node:crypto"
import { type CleanupCounts, cleanUp } from "./cleanup"
import { watchForOutage } from "./db/errors"
import { env } from "./env"

/** Longest that a call goes on, in milliseconds: platforms end functions, and the next call goes on. */
const patience = 45_000

const digest = (text: string) => createHash("sha256").update(text).digest()

/** Whether a request knows the secret, in time that does not tell how much of a guess was right. */
function isFromScheduler(request: Request): boolean {
  const given = request.headers.get("authorization") ?? ""
  const isRight = timingSafeEqual(digest(given), digest(`Bearer ${env.CRON_SECRET}`))
  return env.CRON_SECRET !== undefined && isRight
}

const answer = (status: number, body: object, headers: HeadersInit = {}) =>
  Response.json(body, { status, headers: { "Cache-Control": "no-store", ...headers } })

/** `GET /api/cron/cleanup`: 200 with counts, 401, or 503 while the database cannot answer. */
export async function handleCleanup(request: Request): Promise<Response> {
  if (!isFromScheduler(request)) return answer(401, { error: "Unauthorized" })
  const outcome = await watchForOutage<CleanupCounts>(() =>
    cleanUp({ deadline: Date.now() + patience }),
  )
  return outcome.unavailable
    ? answer(503, { error: "Service Unavailable" }, { "Retry-After": "1" })
    : answer(200, outcome.value)
}
