/** What follows a session that has begun, and must not turn its beginning into a failure. */
import type { GenericEndpointContext } from "better-auth"
import { log } from "@/lib/auth/log"
import { withoutWatch } from "@/lib/db/errors"

/**
 * Runs `work`. When a session has begun and `work` fails, the session is there all the same, and so is what
 * began it (a changed password, a new account): the answer stays, and the log tells what is left over.
 */
export async function afterwards(
  ctx: GenericEndpointContext,
  work: () => Promise<unknown>,
): Promise<void> {
  if (!ctx.context.newSession) {
    await work()
    return
  }
  const leftOver = "A session has begun, but what it replaces or exceeds was not ended:"
  await withoutWatch(work).catch((error: unknown) =>
    log("error", `${leftOver} ${error instanceof Error ? error.message : "unknown"}`),
  )
}
