/**
 * Who holds a lock: a process, and the place in which its pid means something. Containers and machines
 * that share a disk each count pids anew, so this must never judge a process of another place by its pid.
 */
import { randomUUID } from "node:crypto"
import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"

const untold = "-"

function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

/** Where pids are counted as they are here: one boot of one machine, one namespace. Or null. */
function placeOf(): string | null {
  if (process.platform === "darwin" || process.platform === "win32") {
    return `${process.platform}/${encodeURIComponent(hostname())}`
  }
  return orNull(() => {
    // A /proc of another namespace tells of other processes under our numbers.
    if (readlinkSync("/proc/self") !== String(process.pid)) return null
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
    // Start times are counted anew in each time namespace; older kernels have none.
    const time = orNull(() => readlinkSync("/proc/self/ns/time"))
    return [boot, readlinkSync("/proc/self/ns/pid"), time ?? untold].join("/")
  })
}

const place = placeOf()

/** When a process began and whether it has ended already (a zombie), where the system tells. */
function statOf(pid: number): { start: string; hasEnded: boolean } | null {
  // The fields after the name, which may hold spaces, but ends with ")". The 3rd is the state, the 22nd the start.
  const text = orNull(() => readFileSync(`/proc/${pid}/stat`, "utf8"))
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ")
  const start = fields?.[19]
  return start ? { start, hasEnded: /[ZX]/.test(fields[0] ?? "") } : null
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** A line for a lock of this process, unlike any other: "pid start place id". */
export function ownLine(): string {
  const start = place === null ? null : statOf(process.pid)?.start
  return `${process.pid} ${start ?? untold} ${place ?? untold} ${randomUUID()}\n`
}

/** Whether the process that wrote `line` is running, as far as its pid can tell from here. */
export function standingOf(line: string): "alive" | "gone" | "unknown" {
  const [pidText, start = untold, itsPlace, id] = line.trim().split(" ")
  const pid = Number(pidText)
  if (!(pid > 0)) return "unknown"
  // Earlier versions wrote no place, and their locks have no heartbeat: a match is believed.
  const isOld = id === undefined
  if (!isOld && (place === null || itsPlace !== place)) return "unknown"
  const stat = statOf(pid)
  const isGone = !isRunning(pid) || stat?.hasEnded
  const isReused = stat && start !== untold && stat.start !== start
  if (isGone || isReused) return isOld ? "unknown" : "gone"
  return isOld || (stat && start !== untold) ? "alive" : "unknown"
}

/** How a message calls the process that wrote `line`. */
export function nameOf(line: string): string {
  const [pid, , itsPlace, id] = line.trim().split(" ")
  const isElsewhere = id !== undefined && itsPlace !== (place ?? untold)
  return `process ${pid || "?"}${isElsewhere ? " of another container or machine" : ""}`
}
