/**
 * One process at a time on the embedded database: two lose each other's writes without an error.
 * The lock is a file that names its owner and that the owner touches while it runs. A lock whose owner
 * is gone is taken over; an owner that finds its lock taken over must never write again.
 */
import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { nameOf, ownLine, standingOf } from "./lock-owner"

export class LockedError extends Error {}

export type Lock = {
  /** To be called before each write: ends the process when the lock is another's by now. */
  check: () => void
  /** Gives the lock back; the end of the process does so too. */
  release: () => void
}

/** How often an owner touches its lock, in milliseconds. */
const beatEvery = 1_000
/**
 * An owner that did not touch its lock for so long asks whether it still has it: half of what makes it
 * stale for others, so that nobody can have taken it before.
 */
const doubtAfter = 3_000
/** How long an owner in doubt waits for one who was about to take over: some looks of that one. */
const doubtLasts = 1_500
/** An untouched lock is stale after so many looks. Counted, since clocks run on in a suspended machine. */
const looks = 28
const lookEvery = 250
/** How often to try while other processes are taking a stale lock over; each lasts a moment. */
const attempts = 20

/** Stops the process for a moment; locking is over before anything else can happen in it. */
const pause = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

/** Runs `work`; null when it fails with `code`. */
function unless<T>(code: "EEXIST" | "ENOENT", work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return null
    throw error
  }
}

/** Makes `file` unless it exists. */
const writeNew = (file: string, line: string) =>
  unless("EEXIST", () => writeFileSync(file, line, { flag: "wx" })) !== null

type Seen = { line: string; touched: number }

/** What `file` says, and when it was touched last, by whatever clock its owner has. */
const look = (file: string): Seen | null =>
  unless("ENOENT", () => ({
    line: readFileSync(file, "utf8"),
    touched: statSync(file).mtimeMs,
  }))

/** Whether the owner of a lock is alive: by its pid where that tells, else by watching the file. */
function judge(file: string, seen: Seen): "alive" | "gone" | "changed" {
  for (let at = 0; at < looks; at++) {
    const standing = standingOf(seen.line)
    if (standing !== "unknown") return standing
    pause(lookEvery)
    const now = look(file)
    if (now?.line !== seen.line) return "changed"
    if (now.touched !== seen.touched) return "alive"
  }
  return "gone"
}

/** Removes a lock as it was judged, and nobody else's. A second file sees to it that only one does. */
function clearStale(file: string, seen: Seen): void {
  const claim = `${file}.${createHash("sha256").update(seen.line).digest("hex").slice(0, 16)}`
  const mine = ownLine()
  if (writeNew(claim, mine)) {
    const now = look(file)
    if (now?.line === seen.line && now.touched === seen.touched) rmSync(file)
    if (look(claim)?.line === mine) rmSync(claim)
    return
  }
  const other = look(claim)
  // Left by a crash in the lines above.
  if (other && judge(claim, other) === "gone") clearStale(claim, other)
}

/** Keeps the lock until it is given back. */
function hold(file: string, mine: string): Lock {
  const now = () => ({ steady: performance.now(), wall: Date.now() })
  let touched = now()
  // The steady clock stands still in a suspended machine, the other can be set back.
  const age = () => Math.max(performance.now() - touched.steady, Date.now() - touched.wall)

  /** Ends the process unless the lock is its own. */
  function touch(): void {
    const seen = look(file)
    if (seen?.line !== mine) {
      const why = seen ? "another process has taken it over" : "somebody has removed it"
      console.error(
        `\nThis process stops: it no longer has the lock of the embedded database (${file}), because ${why}.\n`,
      )
      process.exit(1)
    }
    utimesSync(file, new Date(), new Date())
  }

  function renew(): void {
    const inDoubt = age() > doubtAfter
    if (inDoubt) {
      touch()
      pause(doubtLasts)
    }
    const at = now()
    touch()
    touched = at
  }

  const timer = setInterval(renew, beatEvery).unref()
  const release = () => {
    clearInterval(timer)
    process.off("exit", release)
    if (look(file)?.line === mine) rmSync(file)
  }
  process.once("exit", release)
  return {
    // The timer is late while the process is busy.
    check: () => {
      if (age() > beatEvery) renew()
    },
    release,
  }
}

/**
 * Takes the lock or throws. Waits seven seconds where only watching tells that its owner is gone.
 * @throws LockedError naming the process that holds it
 */
export function acquireLock(file: string): Lock {
  mkdirSync(dirname(file), { recursive: true })
  const mine = ownLine()
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) pause(50)
    if (writeNew(file, mine)) return hold(file, mine)
    const seen = look(file)
    const verdict = seen && judge(file, seen)
    if (verdict === "gone") clearStale(file, seen as Seen)
    if (verdict === "alive") {
      throw new LockedError(
        `The embedded database is in use by ${nameOf((seen as Seen).line)} (${file}). Stop that process, or set DATABASE_URL to a Postgres that several can use.`,
      )
    }
  }
  throw new LockedError(`The lock ${file} could not be taken over. Remove it if nothing runs.`)
}
