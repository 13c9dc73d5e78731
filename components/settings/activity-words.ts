/**
 * What happened to an account, in words. Each kind of event has its sentence here, and none says more than
 * was recorded: a reason this version does not know is left out, never shown as a code. Administrators
 * read the same sentences, with the user in the third person.
 */
import type { ActivityItem, ActivityKind } from "@/lib/activity/view"
import { exactTime } from "@/lib/time"
import { placeOf } from "./session-words"

/** To whom it is told: the account's user, or an administrator who looks at it. */
export type ActivityReader = "user" | "admin"

type Pronouns = { you: string; youWere: string; your: string; object: string }

const pronouns: Record<ActivityReader, Pronouns> = {
  user: { you: "you", youWere: "you were", your: "your", object: "you" },
  admin: { you: "the user", youWere: "the user was", your: "the user's", object: "this user" },
}

type Reasons = Record<string, string>

const revocations = ({ you }: Pronouns): Reasons => ({
  replaced: `${you} signed in there again`,
  "password-changed": "the password was changed",
  "password-reset": "the password was reset",
  banned: "the account was banned",
  database: "the service ended the session",
})

const expiries: Reasons = {
  idle: "not used for a while",
  absolute: "it had been signed in for as long as is allowed",
}

const failures: Reasons = {
  password: "Someone entered a wrong password",
  banned: "Someone tried to sign in while the account was banned",
  "email-not-verified": "Someone tried to sign in before the email address was verified",
}

/** What `words` say of a reason; undefined for one they do not know. */
function wordsFor(words: Reasons, { reason }: ActivityItem): string | undefined {
  return reason !== null && Object.hasOwn(words, reason) ? words[reason] : undefined
}

const because = (cause: string | undefined) => (cause ? `: ${cause}` : "")

/** Whose session it was, as part of a sentence: "Ana's phone (Safari on iPhone)". */
function deviceOf({ session }: ActivityItem): string {
  if (!session) return "a device"
  const { name, device } = session
  const label = device.label.startsWith("Unknown") ? `an ${lowerFirst(device.label)}` : device.label
  return name ? `${name} (${device.label})` : label
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What was done, told by who did it where that was not the user. */
const byActor = (item: ActivityItem, user: string, admin: string) =>
  item.actor === "admin" ? `An administrator ${admin}` : user

function roleChange({ actor, detail: { from, to } }: ActivityItem, { your }: Pronouns): string {
  const change = from && to ? ` from ${from} to ${to}` : ""
  return actor === "admin"
    ? `An administrator changed ${your} role${change}`
    : `${upperFirst(your)} role was changed${change}`
}

function ban({ actor, detail: { banExpires, banReason } }: ActivityItem): string {
  const until = banExpires ? new Date(banExpires) : null
  const isKnown = until && !Number.isNaN(until.getTime())
  return [
    actor === "admin" ? "An administrator banned the account" : "The account was banned",
    isKnown ? ` until ${exactTime(until)}` : "",
    because(banReason ?? undefined),
  ].join("")
}

type Sentence = (item: ActivityItem, device: string, words: Pronouns) => string

/** `device` begins with a space; it is empty where the sentence stands beside the device's name. */
const sentences: Record<ActivityKind, Sentence> = {
  "sign-up": () => "Created the account",
  "sign-in": () => "Signed in",
  "sign-in-failed": (item) => wordsFor(failures, item) ?? "Someone tried to sign in and could not",
  "sign-out": () => "Signed out",
  "session-revoked": (item, device, words) =>
    item.actor === "admin"
      ? `An administrator signed out${device || " this device"}${because(adminCause(item, words))}`
      : `Signed out${device}${because(wordsFor(revocations(words), item))}`,
  "session-expired": (item, device) =>
    `Signed out${device} automatically${because(wordsFor(expiries, item))}`,
  "session-limit": (_item, device, { youWere }) =>
    `Signed out${device}: ${youWere} signed in on too many devices`,
  "password-changed": (item) => byActor(item, "Changed the password", "changed the password"),
  "password-reset": (item) =>
    byActor(item, "Set a new password by a link from an email", "set a new password"),
  "email-verified": (item) =>
    byActor(item, "Verified the email address", "marked the email address as verified"),
  "role-changed": (item, _device, words) => roleChange(item, words),
  "user-banned": ban,
  "user-unbanned": ({ actor }) =>
    actor === "admin" ? "An administrator lifted the ban" : "The ban on the account ended",
  "impersonation-started": (_item, _device, { object }) =>
    `An administrator began viewing the app as ${object}`,
  "impersonation-ended": ({ actor }, _device, { object }) =>
    actor === "user"
      ? `Signed out an administrator who was viewing the app as ${object}`
      : `An administrator stopped viewing the app as ${object}`,
}

/** An administrator who bans or changes the password signs out with it; that they did it is said. */
const adminCause = (item: ActivityItem, words: Pronouns) =>
  item.reason === "database" ? undefined : wordsFor(revocations(words), item)

/** One event in a sentence: "Signed out Safari on iPhone: the password was changed". */
export function activitySentence(item: ActivityItem, reader: ActivityReader = "user"): string {
  return sentences[item.kind](item, ` ${deviceOf(item)}`, pronouns[reader])
}

/** How a session ended, beside its device's name: "Signed out automatically: not used for a while". */
export function endingSentence(item: ActivityItem): string {
  if (item.kind === "sign-out") return "Signed out on the device itself"
  const isOwnAct = item.kind === "session-revoked" && item.actor === "user"
  if (isOwnAct && item.reason === "user") return "Signed out by you from the list of devices"
  return sentences[item.kind](item, "", pronouns.user)
}

/**
 * From where it was done: "Chrome on macOS · Paris, FR · 203.0.113.7". Where nobody did it, or an
 * administrator, it is where the session itself was, whose device is in the sentence already.
 */
export function activityDetails({ from, session }: ActivityItem): string {
  const source = from ?? session
  if (!source) return ""
  return [from?.device.label, placeOf(source), source.ipAddress].filter(Boolean).join(" · ")
}

/**
 * Where the session itself was, when it was ended from elsewhere: "The session: Safari on iPhone · Lyon,
 * FR · 198.51.100.4". Empty where that is the same place.
 */
export function sessionPlace(item: ActivityItem): string {
  const { from, session } = item
  if (!from || !session) return ""
  const parts = [session.device.label, placeOf(session), session.ipAddress]
  const where = parts.filter(Boolean).join(" · ")
  return where === activityDetails(item) ? "" : `The session: ${where}`
}

/** Whether the account's owner should ask whether that was them. */
export function isWorthALook({ kind, reason, from }: ActivityItem): boolean {
  // Who is asked to verify the address first had the right password.
  if (kind === "sign-in-failed") return reason !== "email-not-verified"
  return kind === "sign-in" && (!from || ["unknown", "bot"].includes(from.device.type))
}

/** The same for a page of events, newest first: what was followed by a new password is settled. */
export function areWorthALook(items: readonly ActivityItem[]): boolean {
  const renewed = items.findIndex(
    ({ kind }) => kind === "password-changed" || kind === "password-reset",
  )
  return items.slice(0, renewed === -1 ? undefined : renewed).some(isWorthALook)
}
