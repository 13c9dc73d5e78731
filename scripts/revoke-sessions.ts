/**
 * `npm run sessions:revoke -- --all | --user ana@example.com | --before 2026-11-01`: ends many sessions
 * at once, for an incident. Says how many and asks first; `--yes` answers beforehand.
 */
import { createInterface } from "node:readline/promises"
import { parseArgs } from "node:util"
import "./load-env"
import { closeDatabase } from "@/lib/db"
import { LockedError } from "@/lib/db/lock"
import { openDatabase } from "@/lib/db/migrate"
import { countSessions, revokeMany, userExists, type Which } from "@/lib/sessions/revoke"
import { exactTime } from "@/lib/time"

/** What was asked for makes no sense; the message says why. */
class UsageError extends Error {}

const usage = `Usage: npm run sessions:revoke -- <which> [--yes]
  --all                     every session of every user
  --user ana@example.com    those of one user
  --before 2026-11-01       those that began before then (UTC; a time may follow: 2026-11-01T14:00Z)
--user and --before together mean those that both name.`

function readArguments(): { which: Which; yes: boolean } {
  const text = { type: "string" } as const
  const flag = { type: "boolean", default: false } as const
  let values: { all: boolean; user?: string; before?: string; yes: boolean }
  try {
    ;({ values } = parseArgs({ options: { all: flag, user: text, before: text, yes: flag } }))
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const { all, user, before, yes } = values
  // An empty variable of a shell must not come to mean everyone.
  if (user?.trim() === "") throw new UsageError("--user names nobody.")
  if (all === (user !== undefined || before !== undefined)) {
    throw new UsageError(all ? "--all leaves nothing to choose." : "Say which sessions.")
  }
  const moment = before === undefined ? undefined : new Date(before)
  if (moment && Number.isNaN(moment.getTime())) throw new UsageError(`${before} is no date.`)
  return {
    which: {
      ...(user === undefined ? {} : { email: user }),
      ...(moment === undefined ? {} : { before: moment }),
    },
    yes,
  }
}

function nameOf({ email, before }: Which): string {
  const parts = [email && `of ${email}`, before && `that began before ${exactTime(before)}`]
  return parts.filter(Boolean).join(" ") || "of everyone"
}

async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError("Nothing was ended. Add --yes to do it.")
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await terminal.question('Type "yes" to end them: ')).trim() === "yes"
  } finally {
    terminal.close()
  }
}

async function main(): Promise<void> {
  const { which, yes } = readArguments()
  await openDatabase()
  if (which.email && !(await userExists(which.email))) {
    throw new UsageError(`Nobody has the email address ${which.email}.`)
  }
  const count = await countSessions(which)
  const number = count ? `${count.sessions}, of ${count.users} users` : "an unknown number"
  console.log(`Sessions ${nameOf(which)}: ${number}.`)
  if (count?.sessions === 0) return
  if (!yes && !(await isConfirmed())) {
    console.log("Nothing was ended.")
    return
  }
  const ended = await revokeMany(which, (count) => console.log(`${count} ended ...`))
  console.log(`Done: ${ended} sessions have ended. Their devices are signed out.`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  if (error instanceof UsageError) console.error(`\n${usage}`)
  if (error instanceof LockedError) {
    console.error("Stop the server, run this again, and start the server.")
  }
  process.exitCode = 1
} finally {
  await closeDatabase()
}
