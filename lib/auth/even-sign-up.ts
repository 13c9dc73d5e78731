/**
 * With a mail server, a sign-up must not tell whether its address has an account: neither by its answer, also
 * when two come at once, nor by the time that it takes to write a new one down.
 */
import type { BetterAuthPlugin } from "better-auth"
import { createAuthMiddleware, isAPIError, signUpEmail } from "better-auth/api"
import { isMailConfigured } from "@/lib/mail"

const signUpPath = "/sign-up/email"

/** Longer than a sign-up takes on a server that is not overloaded, in milliseconds. */
const evenTime = 750

const answerEvenly = createAuthMiddleware(async (ctx) => {
  const { returned } = ctx.context
  if (!isMailConfigured || !isAPIError(returned)) return
  if (returned.body?.code !== "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL") return
  // Another sign-up was faster: by now the address is as known as any other.
  return signUpEmail()({ ...ctx, method: "POST", asResponse: false, returnHeaders: false })
})

/** For `plugins`. */
export const evenSignUps = () =>
  ({
    id: "even-sign-ups",
    hooks: { after: [{ matcher: ({ path }) => path === signUpPath, handler: answerEvenly }] },
  }) satisfies BetterAuthPlugin

/**
 * Waits until an answer tells nothing by its time. One that was refused for what it says is not held up.
 * @param since when the request began, as of `performance.now()`
 */
export async function answerInEvenTime(template: string, status: number, since: number) {
  if (!isMailConfigured || template !== signUpPath || status !== 200) return
  const left = evenTime - (performance.now() - since)
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
}
