/**
 * One process at a time on the embedded database: two lose each other's writes without an error.
 * The lock is a file with the owner's pid; one left by a process that is gone is taken over.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"

export class LockedError extends Error {}

/** Longest a take-over can honestly last, in milliseconds; an older guard is a crash's leftover. */
const takeOverMaxAge = 10_000

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

/** Writes `file` unless it exists. */
function writeNew(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: "wx" })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  }
}

function read(file: string): { pid: number; start: string | null } | null {
  try {
    const [pid, start] = readFileSync(file, "utf8").trim().split(" ")
    return Number(pid) > 0 ? { pid: Number(pid), start: start || null } : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}

/** Removes a lock whose owner is gone; guarded, so that of two processes only one does. */
function clearStale(file: string): void {
  const guard = `${file}.takeover`
  if (!writeNew(guard, String(process.pid))) {
    if (Date.now() - statSync(guard).mtimeMs > takeOverMaxAge) rmSync(guard, { force: true })
    return
  }
  try {
    const owner = read(file)
    if (!owner || !isRunning(owner.pid, owner.start)) rmSync(file, { force: true })
  } finally {
    rmSync(guard, { force: true })
  }
}

/**
 * Takes the lock or throws.
 * @returns a function that gives it back; also called when the process exits
 * @throws LockedError naming the process that holds it
 */
export function acquireLock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true })
  const mine = `${process.pid} ${startOf(process.pid) ?? ""}\n`
  for (let attempt = 0; attempt < 3; attempt++) {
    if (writeNew(file, mine)) {
      const release = () => rmSync(file, { force: true })
      process.once("exit", release)
      return () => {
        process.off("exit", release)
        release()
      }
    }
    const owner = read(file)
    if (owner && isRunning(owner.pid, owner.start)) {
      throw new LockedError(
        `The embedded database is in use by process ${owner.pid} (${file}). Stop that process, or set DATABASE_URL to a Postgres that several can use.`,
      )
    }
    clearStale(file)
  }
  throw new LockedError(`The lock ${file} is being taken over by another process. Try again.`)
}
