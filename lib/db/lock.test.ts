import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { acquireLock, LockedError } from "./lock"

const newLock = () => join(mkdtempSync(join(tmpdir(), "lock-")), "db.lock")

const children: ReturnType<typeof spawn>[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

/** A process that tries to take `file` and says "taken" or why not; it holds on until killed. */
async function contender(file: string) {
  const script = `
    import { acquireLock } from "./lib/db/lock.ts"
    try { acquireLock(${JSON.stringify(file)}); console.log("taken") }
    catch (error) { console.log(error.message) }
    setInterval(() => {}, 1000)`
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script],
    { stdio: ["ignore", "pipe", "inherit"] },
  )
  children.push(child)
  const [line] = await once(child.stdout, "data")
  return { child, said: String(line).trim() }
}

describe("acquireLock", () => {
  it("refuses a second process and names the first", async () => {
    const file = newLock()
    const { child, said } = await contender(file)
    expect(said).toBe("taken")
    expect(() => acquireLock(file)).toThrow(LockedError)
    expect(() => acquireLock(file)).toThrow(`process ${child.pid} `)
  })

  it("takes over from a process that was killed", async () => {
    const file = newLock()
    const { child } = await contender(file)
    child.kill("SIGKILL")
    await once(child, "exit")
    const release = acquireLock(file)
    expect(readFileSync(file, "utf8")).toContain(String(process.pid))
    release()
    expect(existsSync(file)).toBe(false)
  })

  it("takes over when the pid belongs to another process by now", () => {
    const file = newLock()
    writeFileSync(file, `${process.ppid} 1\n`)
    acquireLock(file)()
  })

  it("lets exactly one of eight take over a stale lock", async () => {
    const file = newLock()
    writeFileSync(file, "999999 1\n")
    const said = await Promise.all(Array.from({ length: 8 }, () => contender(file)))
    const [winner, ...others] = said.filter((one) => one.said === "taken")
    expect(others).toHaveLength(0)
    const losers = said.filter((one) => one !== winner)
    for (const one of losers) expect(one.said).toContain(`in use by process ${winner?.child.pid} `)
  }, 60_000)

  it("is not stopped by a take-over that crashed", () => {
    const file = newLock()
    writeFileSync(file, "999999 1\n")
    writeFileSync(`${file}.takeover`, "999998 1\n")
    acquireLock(file)()
    expect(existsSync(`${file}.takeover`)).toBe(false)
  })

  it("gives back no lock but its own", () => {
    const file = newLock()
    const release = acquireLock(file)
    writeFileSync(file, "1 1\n")
    release()
    expect(readFileSync(file, "utf8")).toBe("1 1\n")
  })
})
