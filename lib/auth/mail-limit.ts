/**
 * How many mails somebody gets who did not ask for them: whoever asks, from wherever, a person's mailbox
 * is not filled by this app. Counted by a hash of the address; the caller is never told.
 */
import { normalizeIP } from "@better-auth/core/utils/ip"
import { days, hours } from "@/lib/time"
import { consume, hashOf, type Limit } from "./rate-limit"

/**
 * Mails of one kind to one address that one asker may cause, by network: fewer than there may be, so that
 * somebody who asks again and again leaves some to the owner. Keep in step with `docs/security.md`.
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
 * Counts a mail of a kind to `address`, and answers whether it may be sent. Hours and days are those of the
 * clock: a count that went on with each mail would never let go of somebody who gets a few.
 * @param asker the network address of whoever asks, or null when that is not known
 */
export async function mayMail(
  kind: string,
  address: string,
  asker: string | null,
): Promise<boolean> {
  const known = address.toLowerCase()
  const network = asker && normalizeIP(asker)
  const counts: [string, readonly Limit[]][] = [
    [`from|${network}|${known}`, perAsker],
    [`to|${known}`, perAddress],
    [`mailbox|${mailboxOf(known)}`, perMailbox],
  ]
  for (const [who, limits] of counts) {
    for (const limit of limits) {
      const period = `${limit.window}|${Math.floor(Date.now() / (limit.window * 1000))}`
      const key = `${mailKeyPrefix}${kind}|${period}|${hashOf(who)}`
      if (!(await consume(key, limit)).allowed) return false
    }
  }
  return true
}
