/**
 * One process at a time on the embedded database: two lose each other's writes without an error.
 * The lock is a file with the owner's pid; one left by a process that is gone is taken over.
 */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"

export class LockedError extends Error {}

/** How often to try while other processes are taking a stale lock over; each lasts a moment. */
const attempts = 20

/** When a process began, where the system tells: a reused pid is not the same process. */
function startOf(pid: number): string | null {
  try {
    // The 22nd field of /proc/<pid>/stat; the name before it may hold spaces, but ends with ")".
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] ?? null
  } catch {
    return null
  }
}

function isRunning(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false
  }
  return start === null || startOf(pid) === null || startOf(pid) === start
}

/** Makes `file` unless it exists, whole at once: nobody may find it empty and take it for stale. */
function writeNew(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, content)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The content of `file`, or null when there is none. */
function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}

/** The pid in a lock whose owner is running, or null. */
function runningOwner(lock: string | null): number | null {
  const [pid, start] = lock?.trim().split(" ") ?? []
  return Number(pid) > 0 && isRunning(Number(pid), start || null) ? Number(pid) : null
}

/** Removes a lock whose owner is gone. Guarded by a second file, so that only one process does. */
function clearStale(file: string, mine: string): void {
  const guard = `${file}.takeover`
  if (writeNew(guard, mine)) {
    if (runningOwner(read(file)) === null) rmSync(file, { force: true })
    rmSync(guard, { force: true })
  } else if (runningOwner(read(guard)) === null) {
    // Left by a crash in the two lines above.
    rmSync(guard, { force: true })
  }
}

/** Stops the process for a moment; locking is over before anything else can happen in it. */
const pause = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

/**
 * Takes the lock or throws.
 * @returns a function that gives it back; also called when the process exits
 * @throws LockedError naming the process that holds it
 */
export function acquireLock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true })
  const mine = `${process.pid} ${startOf(process.pid) ?? ""}\n`
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) pause(50)
    if (writeNew(file, mine)) {
      const release = () => {
        if (read(file) === mine) rmSync(file, { force: true })
      }
      process.once("exit", release)
      return () => {
        process.off("exit", release)
        release()
      }
    }
    const owner = runningOwner(read(file))
    if (owner !== null) {
      throw new LockedError(
        `The embedded database is in use by process ${owner} (${file}). Stop that process, or set DATABASE_URL to a Postgres that several can use.`,
      )
    }
    clearStale(file, mine)
  }
  throw new LockedError(`The lock ${file} could not be taken over. Remove it if nothing runs.`)
}
