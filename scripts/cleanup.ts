/**
 * `npm run cleanup`: deletes what has expired, once. For schedulers of your own; a server that runs all
 * the time does it by itself. Safe to run from any number of processes at once. With `--apply-limits` it
 * also gives sessions the earlier end that the limits in its environment allow, for good.
 */
import { parseArgs } from "node:util"
import "./load-env"
import { cleanUp, describeCleanup } from "@/lib/cleanup"
import { closeDatabase } from "@/lib/db"
import { LockedError } from "@/lib/db/lock"
import { openDatabase } from "@/lib/db/migrate"

try {
  const { values } = parseArgs({ options: { "apply-limits": { type: "boolean", default: false } } })
  await openDatabase()
  console.log(describeCleanup(await cleanUp({ applyLimits: values["apply-limits"] })))
} catch (error) {
  console.error(`The clean-up failed: ${error instanceof Error ? error.message : error}`)
  if (error instanceof LockedError) {
    console.error("If that process is the server, there is nothing to do: it cleans up every hour.")
  }
  process.exitCode = 1
} finally {
  await closeDatabase()
}
