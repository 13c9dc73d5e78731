/** The letters this app writes, and to whom. Links in them are secrets: nothing here logs one. */
import { requestAct } from "@/lib/activity/request-act"
import { withoutWatch } from "@/lib/db/errors"
import { env } from "@/lib/env"
import { isMailConfigured, type Mail, sendMail } from "@/lib/mail"
import { printable } from "@/lib/printable"
import { guestPages, isProtectedPath, resetPath, signInPath, verifiedPath } from "@/lib/routes"
import { describeDevice } from "@/lib/sessions/device"
import { exactTime } from "@/lib/time"
import { runAfterAnswer } from "./background"
import { log } from "./log"
import { mayMail } from "./mail-limit"

type Recipient = { name: string; email: string; emailVerified: boolean }

/** A user's own text as part of one line: it must not be able to add lines to a mail. */
const oneLine = (text: string) => printable(text).replace(/\s+/g, " ")

/** By name only who has shown that the address is theirs: anybody could have typed both. */
const greeting = ({ name, emailVerified }: Recipient) =>
  emailVerified ? `Hello ${oneLine(name)},` : "Hello,"

function letter(...paragraphs: string[]): string {
  return `${paragraphs.join("\n\n")}\n`
}

/** The path of a page, short and without a dot: no room for a message, or for an address to go to. */
const isPlainPath = (path: string) =>
  /^\/[\w/-]{0,40}$/.test(path) &&
  (isProtectedPath(path) || guestPages.includes(path) || path === "/")

/** Whether a way back is one that our own forms ask for. */
function isPlainCallback(callback: string): boolean {
  const { origin, pathname, searchParams, hash } = new URL(callback, env.BETTER_AUTH_URL)
  const { verified = "1", callbackUrl = "/", ...others } = Object.fromEntries(searchParams)
  return (
    origin === env.BETTER_AUTH_URL &&
    hash === "" &&
    Object.keys(others).length === 0 &&
    verified === "1" &&
    isPlainPath(pathname) &&
    isPlainPath(callbackUrl)
  )
}

/** A link for a mail; the way back, which the asker chose, must be no text of theirs. */
function plainLink(url: string, fallback: string): string {
  const link = new URL(url)
  if (isPlainCallback(link.searchParams.get("callbackURL") ?? "")) return url
  link.searchParams.set("callbackURL", fallback)
  return link.href
}

/**
 * Sends a mail that anybody may have asked for, once the asker has been answered: neither the answer nor
 * its time tells whether there was a mail, or what the mail server made of it.
 */
function sendUnasked(kind: string, mail: Mail): void {
  const { ipAddress: asker = null } = requestAct()
  runAfterAnswer(() =>
    withoutWatch(async () => {
      // What lands in the outbox is in nobody's mailbox.
      if (!isMailConfigured || (await mayMail(kind, mail.to, asker))) await sendMail(mail)
      else log("warn", `A mail (${kind}) was held back: its address had too many of late.`)
    }).catch((error: unknown) => log("error", `A mail (${kind}) could not be sent.`, error)),
  )
}

export function sendVerification(user: Recipient, url: string): void {
  sendUnasked("verification", {
    to: user.email,
    subject: "Confirm your email address",
    text: letter(
      greeting(user),
      "Open this link to confirm that this address is yours:",
      plainLink(url, verifiedPath),
      "It works for one hour. If you did not sign up, you can ignore this mail.",
    ),
  })
}

export function sendPasswordReset(user: Recipient, url: string): void {
  sendUnasked("password-reset", {
    to: user.email,
    subject: "Reset your password",
    text: letter(
      greeting(user),
      "Open this link to choose a new password. All your devices will be signed out:",
      plainLink(url, resetPath),
      "It works once, for one hour. If you did not ask for it, you can ignore this mail: your password has not changed.",
    ),
  })
}

/** The answer to a sign-up with a known address goes here, not onto the page. */
export function sendExistingAccount(user: Recipient): void {
  sendUnasked("existing-account", {
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

type EndedDevice = { name: string | null; userAgent: string | null; lastActiveAt: Date }

function describeEnded({ name, userAgent, lastActiveAt }: EndedDevice): string {
  const label = oneLine(describeDevice(userAgent).label)
  const device = name ? `${oneLine(name)} (${label})` : label
  return `${device}, last active ${exactTime(lastActiveAt)}`
}

/** More devices than this are only counted. */
const mostNamed = 10

/** For somebody whose sign-in was one too many. */
export async function sendSessionLimit(
  user: Recipient,
  { limit, ended }: { limit: number; ended: EndedDevice[] },
): Promise<void> {
  const one = ended.length === 1
  const more = ended.length - mostNamed
  await sendMail({
    to: user.email,
    subject: one ? "A device was signed out" : `${ended.length} devices were signed out`,
    text: letter(
      greeting(user),
      `You signed in, and an account can be signed in on ${limit} ${limit === 1 ? "device" : "devices"} at most. What was idle longest was signed out:`,
      [
        ...ended.slice(0, mostNamed).map(describeEnded),
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join("\n"),
      "If you need it again, sign in there once more. If it was not you who just signed in, change your password and sign out of all other devices:",
      `${env.BETTER_AUTH_URL}/settings/security`,
      "This mail comes once an hour at most. The activity on that page names every device that was signed out.",
    ),
  })
}
