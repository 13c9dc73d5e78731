/**
 * Sending mail: over SMTP when `SMTP_URL` is set, else into the outbox, files under `DATA_DIR` that
 * `/dev/outbox` shows. Which of the two is decided here once; callers only write letters.
 */
import { env } from "@/lib/env"
import { saveToOutbox } from "./outbox"
import { sendBySmtp } from "./smtp"

export { listOutbox } from "./outbox"

export type Mail = { to: string; subject: string; text: string }

/** Whether mail leaves this server, and an address can therefore be verified. */
export const isMailConfigured = env.SMTP_URL !== undefined

/** A mail that could not be handed over. It holds neither its address nor its text, so it may be logged. */
class MailError extends Error {
  override readonly name = "MailError"
}

/** What went wrong, by codes alone: mail servers repeat addresses in what they say. */
function failureOf(error: unknown): MailError {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  const codes = [code, responseCode].filter(Boolean).join(" ")
  return new MailError(`A mail could not be handed over (${codes || "UNKNOWN"}).`)
}

/** Sends one plain-text mail. @throws MailError when it cannot be handed over */
export async function sendMail(mail: Mail): Promise<void> {
  try {
    await (env.SMTP_URL ? sendBySmtp(env.SMTP_URL, env.MAIL_FROM, mail) : saveToOutbox(mail))
  } catch (error) {
    throw failureOf(error)
  }
}
