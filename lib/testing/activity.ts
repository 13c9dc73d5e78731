/** The activity as tests look at it: the rows of a user, and the lines that are logged meanwhile. */
import { eq } from "drizzle-orm"
import { expect, vi } from "vitest"
import { mostLines } from "@/lib/activity/log"
import type { ActivityDetail } from "@/lib/activity/view"
import { db } from "@/lib/db"
import { activity } from "@/lib/db/schema"

/** A user's activity, oldest first. */
export async function activityOf(userId: string) {
  const rows = await db
    .select()
    .from(activity)
    .where(eq(activity.userId, userId))
    .orderBy(activity.id)
  return rows.map((row) => ({ ...row, detail: row.detail as ActivityDetail }))
}

export type LogLine = Record<string, unknown> & { event: string }

const levels = ["info", "warn", "error"] as const

/** Keeps what is written to the console until the test ends. */
export function listenToLog() {
  const written: { level: (typeof levels)[number]; text: string }[] = []
  for (const level of levels) {
    vi.spyOn(console, level).mockImplementation((...parts) => {
      const text = parts
        .map((part) => (part instanceof Error ? part.stack : String(part)))
        .join(" ")
      written.push({ level, text })
    })
  }
  return {
    /** Everything, as it was written. */
    text: () => written.map(({ text }) => text).join("\n"),
    /** Each line of the activity as an object; a line that is no JSON fails the test. */
    events: (): LogLine[] =>
      written
        .filter(({ level }) => level === "info")
        .flatMap(({ text }) => text.split("\n"))
        .map((line) => JSON.parse(line)),
  }
}

/** What `work` adds to a user's activity: the rows and the lines. */
export async function recordedBy(userId: string, work: () => Promise<unknown>) {
  const before = await activityOf(userId)
  const log = listenToLog()
  await work()
  const rows = (await activityOf(userId)).slice(before.length)
  const lines = () => log.events().filter((line) => line.userId === userId)
  // A line comes just after its row can be seen.
  await expect.poll(() => lines().length).toBe(Math.min(rows.length, mostLines))
  vi.restoreAllMocks()
  return { rows, lines: lines() }
}
