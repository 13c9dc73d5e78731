/**
 * Which part of an account's activity is asked for, as the page's URL says it: `?show=sign-ins&before=120`.
 * Pure, for both sides; whatever a URL holds is answered with a part, never with an error.
 */
import { type ActivityKind, activityKinds, endingKinds } from "./view"

/** The parts by name, and the kinds of events in each. */
export const activityFilters = {
  all: activityKinds,
  "sign-ins": [
    "sign-up",
    "sign-in",
    "sign-in-failed",
    "impersonation-started",
    "impersonation-ended",
  ],
  "sign-outs": endingKinds,
  account: [
    "password-changed",
    "password-reset",
    "email-verified",
    "role-changed",
    "user-banned",
    "user-unbanned",
  ],
} as const satisfies Record<string, readonly ActivityKind[]>

export type ActivityFilter = keyof typeof activityFilters

/** A page of the list: what comes before (older) or after (newer) the event with this id. */
export type ActivityQuery = { filter: ActivityFilter; before?: number; after?: number }

type Params = Record<string, string | string[] | undefined>

function readId(value: string | string[] | undefined): number | undefined {
  const id = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  return Number.isSafeInteger(id) ? id : undefined
}

/** What a page's search parameters ask for; anything unknown is left out. */
export function readActivityQuery({ show, before, after }: Params): ActivityQuery {
  const filter = typeof show === "string" && Object.hasOwn(activityFilters, show) ? show : "all"
  const [older, newer] = [readId(before), readId(after)]
  return {
    filter: filter as ActivityFilter,
    ...(older !== undefined ? { before: older } : newer !== undefined && { after: newer }),
  }
}

/** The page's search parameters for a query, with their question mark; empty for the first page of all. */
export function activitySearch({ filter, before, after }: ActivityQuery): string {
  const params = new URLSearchParams()
  if (filter !== "all") params.set("show", filter)
  if (before !== undefined) params.set("before", String(before))
  else if (after !== undefined) params.set("after", String(after))
  return params.size > 0 ? `?${params}` : ""
}
