/**
 * The clean-up of a server that runs all the time: soon after the start, then about once an hour. Any
 * number of servers may do it; none ever waits for it, or ends by it.
 */
import { type CleanupCounts, cleanUp } from "./cleanup"
import { isOutage, withoutWatch } from "./db/errors"
import { hours, minutes } from "./time"

const firstAfter = minutes(1)
const interval = hours(1)

/** Servers started together do not go on together. */
const jittered = (seconds: number) => seconds * (0.75 + Math.random() / 2) * 1000

async function cleanUpQuietly(run: () => Promise<CleanupCounts>): Promise<void> {
  try {
    await withoutWatch(run)
  } catch (error) {
    // The guard has reported an outage, and the next hour comes.
    if (isOutage(error)) return
    console.error("The clean-up failed.", error)
  }
}

/** Begins; the timer keeps no process alive. */
export function startCleanupTimer(run: () => Promise<CleanupCounts> = cleanUp): void {
  const next = (seconds: number) =>
    setTimeout(async () => {
      await cleanUpQuietly(run)
      next(interval)
    }, jittered(seconds)).unref()
  next(firstAfter)
}
