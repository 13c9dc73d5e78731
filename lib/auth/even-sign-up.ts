/**
 * With a mail server, a sign-up must not tell whether its address has an account: neither by its answer, also
 * when two come at once, nor by the time that it takes to write a new one down.
 */
import { isMailConfigured } from "@/lib/mail"

const signUpPath = "/sign-up/email"

/** Longer than a sign-up takes on a server that is not overloaded, in milliseconds. */
const evenTime = 750

/** Whether another sign-up with the same address was faster, so that this one is to be answered anew. */
export async function lostToAnother(template: string, answer: Response): Promise<boolean> {
  if (!isMailConfigured || template !== signUpPath || answer.status !== 422) return false
  const { code } = (await answer.clone().json()) as { code?: unknown }
  return code === "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"
}

/**
 * Waits until an answer tells nothing by its time. One that was refused for what it says is not held up.
 * @param since when the request began, as of `performance.now()`
 */
export async function answerInEvenTime(template: string, status: number, since: number) {
  if (!isMailConfigured || template !== signUpPath || status !== 200) return
  const left = evenTime - (performance.now() - since)
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
}
