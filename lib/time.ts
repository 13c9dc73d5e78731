/** Durations and how moments read on a page. Durations are seconds everywhere in this project. */

export const minutes = (count: number): number => count * 60
export const hours = (count: number): number => minutes(count) * 60
export const days = (count: number): number => hours(count) * 24

const units: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", days(365)],
  ["month", days(30)],
  ["week", days(7)],
  ["day", days(1)],
  ["hour", hours(1)],
  ["minute", minutes(1)],
]

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" })

/** "3 minutes ago", "in 2 days", or "just now" within a minute of `now`. */
export function relativeTime(date: Date, now: Date): string {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000)
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  }
  return "just now"
}

// Fixed to UTC so that the server's HTML and the browser's first render agree.
const exact = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
})

/** "23 Nov 2026, 07:35:12 UTC". */
export function exactTime(date: Date): string {
  return `${exact.format(date)} UTC`
}
