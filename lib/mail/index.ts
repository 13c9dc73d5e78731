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

/** Sends one plain-text mail. @throws when it cannot be handed over */
export async function sendMail(mail: Mail): Promise<void> {
  if (env.SMTP_URL) return sendBySmtp(env.SMTP_URL, env.MAIL_FROM, mail)
  await saveToOutbox(mail)
}
