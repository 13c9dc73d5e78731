/** The letters this app writes, and to whom. Links in them are secrets: nothing here logs one. */
import { env } from "@/lib/env"
import { sendMail } from "@/lib/mail"
import { signInPath } from "@/lib/routes"

type Recipient = { name: string; email: string }

/** One line of a user's own text: a name must not be able to add lines to a mail. */
const greeting = ({ name }: Recipient) => `Hello ${name.replace(/\s+/g, " ").slice(0, 100)},`

function letter(...paragraphs: string[]): string {
  return `${paragraphs.join("\n\n")}\n`
}

export async function sendVerification(user: Recipient, url: string): Promise<void> {
  await sendMail({
    to: user.email,
    subject: "Confirm your email address",
    text: letter(
      greeting(user),
      "Open this link to confirm that this address is yours:",
      url,
      "It works for one hour. If you did not sign up, you can ignore this mail.",
    ),
  })
}

export async function sendPasswordReset(user: Recipient, url: string): Promise<void> {
  await sendMail({
    to: user.email,
    subject: "Reset your password",
    text: letter(
      greeting(user),
      "Open this link to choose a new password. All your devices will be signed out:",
      url,
      "It works once, for one hour. If you did not ask for it, you can ignore this mail: your password has not changed.",
    ),
  })
}

/** The answer to a sign-up with a known address goes here, not onto the page. */
export async function sendExistingAccount(user: Recipient): Promise<void> {
  await sendMail({
    to: user.email,
    subject: "You already have an account",
    text: letter(
      greeting(user),
      "Someone, probably you, tried to sign up with this address. You already have an account. Sign in here:",
      `${env.BETTER_AUTH_URL}${signInPath}`,
      "If you forgot your password, the sign-in page can send you a link. If this was not you, nothing has changed.",
    ),
  })
}
