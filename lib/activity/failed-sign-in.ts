/**
 * Sign-ins that were refused: an event for the account, if there is one. Noted after the answer, with
 * the same work before it whether or not the address is known, and never a reason to answer otherwise.
 */
import type { GenericEndpointContext } from "better-auth"
import { isAPIError } from "better-auth/api"
import { eq } from "drizzle-orm"
import { runAfterAnswer } from "@/lib/auth/background"
import { log } from "@/lib/auth/log"
import { db } from "@/lib/db"
import { withoutWatch } from "@/lib/db/errors"
import { guardedRead } from "@/lib/db/guard"
import { activity, user } from "@/lib/db/schema"
import { originOf, type RequestOrigin } from "@/lib/request-origin"
import { transactionAs } from "./act"
import { logEvents } from "./log"

/** By the code of Better Auth's answer. */
const reasons = new Map([
  ["INVALID_EMAIL_OR_PASSWORD", "password"],
  ["BANNED_USER", "banned"],
  ["EMAIL_NOT_VERIFIED", "email-not-verified"],
])

async function record(email: string, reason: string, origin: RequestOrigin): Promise<void> {
  const [known] = await guardedRead(async () =>
    db.select({ id: user.id }).from(user).where(eq(user.email, email)),
  )
  const event = { kind: "sign-in-failed", actor: "user", ...origin }
  if (known) {
    await transactionAs({ actor: "user" }, (tx) =>
      tx.insert(activity).values({ ...event, userId: known.id, detail: { reason } }),
    )
  } else {
    // Not even who it was meant for: people type passwords into the wrong field.
    const nobody = { userId: null, sessionId: null, actorId: null }
    logEvents([{ ...event, ...nobody, at: new Date(), reason: "unknown-address" }])
  }
}

/** For `hooks.after`: notes a sign-in by password that has been answered with an error. */
export function noteFailedSignIn(ctx: GenericEndpointContext, returned: unknown): void {
  if (ctx.path !== "/sign-in/email" || !isAPIError(returned)) return
  const reason = reasons.get(String(returned.body?.code))
  const { email } = (ctx.body ?? {}) as { email?: unknown }
  if (!reason || typeof email !== "string") return
  const origin = originOf(ctx.headers ?? ctx.request?.headers)
  runAfterAnswer(() =>
    withoutWatch(() => record(email.toLowerCase(), reason, origin)).catch((error: unknown) =>
      log("error", "A refused sign-in could not be recorded.", error),
    ),
  )
}
