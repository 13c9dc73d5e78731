import { existsSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { afterEach, describe, expect, it } from "vitest"
import { killAll, Script } from "@/lib/testing/processes"
import { acquireLock, LockedError } from "./lock"
import { ownLine } from "./lock-owner"

const newLock = () => join(mkdtempSync(join(tmpdir(), "lock-")), "db.lock")

afterEach(killAll)

/** A process that tries to take `file` and says "taken" or why not; it holds on until killed. */
const contender = (file: string) =>
  new Script(`
    import { acquireLock } from "./lib/db/lock.ts"
    try { acquireLock(${JSON.stringify(file)}); console.log("taken") }
    catch (error) { console.log(error.message) }
    setInterval(() => {}, 1000)`)

/** A lock of this process, with other fields. */
function lineWith(fields: { pid?: number; start?: string; place?: string }): string {
  const [pid, start, place, id] = ownLine().trim().split(" ")
  return `${fields.pid ?? pid} ${fields.start ?? start} ${fields.place ?? place} ${id}\n`
}

/** Touches `file` as an owner of another place does, until stopped. */
async function beating(file: string): Promise<() => Promise<number>> {
  const code = `setInterval(() => {
    const now = new Date()
    require("node:fs").utimesSync(${JSON.stringify(file)}, now, now)
  }, 500)`
  const worker = new Worker(code, { eval: true })
  await new Promise((resolve) => worker.once("online", resolve))
  return () => worker.terminate()
}

describe("acquireLock", () => {
  it("refuses a second process at once, and names the first", async () => {
    const file = newLock()
    const first = contender(file)
    await first.says(/^taken$/)
    const began = performance.now()
    expect(() => acquireLock(file)).toThrow(LockedError)
    expect(() => acquireLock(file)).toThrow(`process ${first.pid} (`)
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it("takes over at once from a process that was killed", async () => {
    const file = newLock()
    const first = contender(file)
    await first.says(/^taken$/)
    await first.kill()
    const began = performance.now()
    const { release } = acquireLock(file)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${process.pid} `))
    release()
    expect(existsSync(file)).toBe(false)
  })

  it("takes over at once when the pid belongs to another process by now", () => {
    const file = newLock()
    writeFileSync(file, lineWith({ pid: process.ppid, start: "1" }))
    const began = performance.now()
    acquireLock(file).release()
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it("lets exactly one of eight take over a stale lock", async () => {
    const file = newLock()
    writeFileSync(file, lineWith({ pid: 999_999 }))
    const all = Array.from({ length: 8 }, () => contender(file))
    const said = await Promise.all(all.map((one) => one.says(/taken|in use/)))
    expect(said.filter((line) => line === "taken")).toHaveLength(1)
    const winner = all[said.indexOf("taken")]?.pid
    for (const line of said)
      expect(line).toMatch(new RegExp(`^taken$|in use by process ${winner} `))
  }, 60_000)

  it("is not stopped by a take-over that crashed", async () => {
    const file = newLock()
    const taker = new Script(`
      import fs from "node:fs"
      import { syncBuiltinESMExports } from "node:module"
      fs.rmSync = () => process.kill(process.pid, "SIGKILL")
      syncBuiltinESMExports()
      const { acquireLock } = await import("./lib/db/lock.ts")
      acquireLock(${JSON.stringify(file)})`)
    writeFileSync(file, lineWith({ pid: 999_999 }))
    await taker.ended()
    acquireLock(file).release()
    expect(existsSync(file)).toBe(false)
  })

  it("gives back no lock but its own", () => {
    const file = newLock()
    const { release } = acquireLock(file)
    const other = lineWith({})
    writeFileSync(file, other)
    release()
    expect(readFileSync(file, "utf8")).toBe(other)
  })

  it.each([
    ["another container", lineWith({ pid: process.ppid, place: "elsewhere" })],
    ["a system that tells nothing", lineWith({ start: "-", place: "-" })],
    ["an earlier version, and a pid that is gone", "999999 1\n"],
    ["a crash while it was written", ""],
  ])("takes over from %s when nobody touches the lock", (_, line) => {
    const file = newLock()
    writeFileSync(file, line)
    const began = performance.now()
    acquireLock(file).release()
    expect(performance.now() - began).toBeGreaterThan(5_000)
    expect(performance.now() - began).toBeLessThan(12_000)
  })

  it.each([
    ["another container", lineWith({ pid: 999_999, place: "elsewhere" }), /of another container/],
    ["a system that tells nothing", lineWith({ start: "-", place: "-" }), /in use by process/],
    ["a machine whose clock is a year behind", lineWith({ pid: 1, place: "x" }), /in use by/],
  ])("refuses while the owner in %s touches the lock", async (name, line, message) => {
    const file = newLock()
    writeFileSync(file, line)
    if (name.includes("clock")) utimesSync(file, 1, 1)
    const stop = await beating(file)
    expect(() => acquireLock(file)).toThrow(message)
    expect(readFileSync(file, "utf8")).toBe(line)
    await stop()
  })

  it("refuses while a server of an earlier version runs", () => {
    const file = newLock()
    writeFileSync(file, `${process.pid} \n`)
    expect(() => acquireLock(file)).toThrow(`in use by process ${process.pid} (`)
  })
})

describe("an owner", () => {
  it("ends with one sentence when the lock has become another's", async () => {
    const file = newLock()
    const owner = contender(file)
    await owner.says(/^taken$/)
    writeFileSync(file, lineWith({}))
    expect(await owner.ended()).toBe(1)
    expect(owner.lines).toHaveLength(2)
    expect(owner.lines[1]).toMatch(
      /^This process stops: it no longer has the lock .*, because .*\.$/,
    )
    expect(existsSync(file)).toBe(true)
  })

  it("goes on after it stood still, when nobody wanted the lock", async () => {
    const file = newLock()
    const owner = new Script(`
      import { acquireLock } from "./lib/db/lock.ts"
      const lock = acquireLock(${JSON.stringify(file)})
      console.log("taken")
      // Both clocks of a machine that was suspended for an hour.
      const now = Date.now
      Date.now = () => now() + 3_600_000
      const began = performance.now()
      lock.check()
      console.log("checked after " + Math.round(performance.now() - began))
      lock.check()
      console.log("still here")
      lock.release()`)
    const said = await owner.says(/^checked/)
    // Long enough for one who was about to take over to have done it.
    expect(Number(said.match(/\d+/)?.[0])).toBeGreaterThan(1_000)
    await owner.says(/^still here$/)
    expect(await owner.ended()).toBe(0)
    expect(existsSync(file)).toBe(false)
  })
})
