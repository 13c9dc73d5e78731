/**
 * How many mails somebody gets who did not ask for them: whoever asks, from wherever, a person's mailbox
 * is not filled by this app. Counted by a hash of the address; the caller is never told.
 */
import { days, hours } from "@/lib/time"
import { consume, hashOf, type Limit } from "./rate-limit"

/**
 * Mails of one kind to one address that one asker may cause, by network address: fewer than there may be,
 * so that somebody who asks again and again leaves some to the owner. Keep in step with `docs/security.md`.
 */
const perAsker: readonly Limit[] = [
  { window: hours(1), max: 3 },
  { window: days(1), max: 8 },
]

/** The same, whoever asks. */
const perAddress: readonly Limit[] = [
  { window: hours(1), max: 5 },
  { window: days(1), max: 20 },
]

/** The same to all addresses that lead to one mailbox at most providers: `ana+1@`, `a.na@`. */
const perMailbox: readonly Limit[] = [
  { window: hours(1), max: 10 },
  { window: days(1), max: 30 },
]

/** The longest for which a count is needed, in seconds. */
export const mailWindow = days(1)

/** What these keys begin with, for the clean-up; no network address does. */
export const mailKeyPrefix = "mail|"

function mailboxOf(address: string): string {
  const at = address.lastIndexOf("@")
  const [name = ""] = address.slice(0, at).split("+")
  return `${name.replaceAll(".", "")}${address.slice(at)}`
}

/**
 * Counts a mail of a kind to `address`, and answers whether it may be sent.
 * @param asker the network address of whoever asks, or null when that is not known
 */
export async function mayMail(
  kind: string,
  address: string,
  asker: string | null,
): Promise<boolean> {
  const known = address.toLowerCase()
  const mailbox = mailboxOf(known)
  const counts: [string, Limit][] = [
    ...perAsker.map((limit): [string, Limit] => [`from|${asker}|${known}`, limit]),
    ...perAddress.map((limit): [string, Limit] => [`to|${known}`, limit]),
    ...(mailbox === known
      ? []
      : perMailbox.map((limit): [string, Limit] => [`mailbox|${mailbox}`, limit])),
  ]
  for (const [who, limit] of counts) {
    const key = `${mailKeyPrefix}${kind}|${limit.window}|${hashOf(who)}`
    if (!(await consume(key, limit)).allowed) return false
  }
  return true
}
