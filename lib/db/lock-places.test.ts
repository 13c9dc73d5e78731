/** The embedded database shared by processes that cannot see each other, as two containers cannot. */
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { killAll, Script, whyNotIsolated } from "@/lib/testing/processes"

const refused = whyNotIsolated()

const newDirectory = () => join(mkdtempSync(join(tmpdir(), "places-")), "db")

/** Opens the database in a place of its own and writes `count` rows, each acknowledged by a line. */
const writer = (directory: string, name: string, count: number) =>
  new Script(
    `
    import { embeddedDatabase } from "./lib/db/embedded.ts"
    const db = embeddedDatabase(${JSON.stringify(directory)})
    try {
      await db.execute("create table if not exists kept (name text primary key)")
      console.log("open")
      for (let at = 0; at < ${count}; at++) {
        await db.execute("insert into kept values ('${name}-" + at + "')")
        console.log("kept ${name}-" + at)
      }
      console.log("done")
      setInterval(() => {}, 1000)
    } catch (error) {
      console.log((error.cause ?? error).message)
    }`,
    { isolated: true },
  )

/** Takes the lock alone, in a place of its own, and says "taken" or why not. */
const contender = (file: string) =>
  new Script(
    `
    import { acquireLock } from "./lib/db/lock.ts"
    try { acquireLock(${JSON.stringify(file)}); console.log("taken") }
    catch (error) { console.log(error.message) }
    setInterval(() => {}, 1000)`,
    { isolated: true },
  )

/** What is in the database, read after everyone else has gone. */
async function rowsIn(directory: string): Promise<Set<string>> {
  const reader = new Script(`
    import { embeddedDatabase } from "./lib/db/embedded.ts"
    const db = embeddedDatabase(${JSON.stringify(directory)})
    const { rows } = await db.execute("select name from kept")
    console.log("rows " + rows.map(({ name }) => name).join(" "))
    await db.$client.close()`)
  const line = await reader.says(/^rows /)
  expect(await reader.ended()).toBe(0)
  return new Set(line.split(" ").slice(1))
}

const keptBy = (one: Script) =>
  one.lines.filter((line) => line.startsWith("kept ")).map((line) => line.slice(5))

beforeEach(({ skip }) => skip(refused !== null, refused ?? undefined))
afterEach(killAll)

describe("the embedded database, from two places", () => {
  it("refuses the second while the first runs, and lets it in within 15 s of a crash", async () => {
    const directory = newDirectory()
    const first = writer(directory, "first", 60)
    await first.says(/^open$/)
    const second = writer(directory, "second", 1)
    await second.says(/in use by process \d+ of another container or machine .* DATABASE_URL/)
    await first.says(/^done$/)
    await first.kill()

    // Measured without the opening of the database, which takes as long as the machine is slow.
    const killed = performance.now()
    await contender(`${directory}.lock`).says(/^taken$/)
    expect(performance.now() - killed).toBeLessThan(15_000)
    killAll()
    const third = writer(directory, "third", 1)
    await third.says(/^done$/)
    await third.kill()
    const acknowledged = [...keptBy(first), ...keptBy(third)]
    expect(acknowledged).toHaveLength(61)
    const rows = await rowsIn(directory)
    expect(acknowledged.filter((name) => !rows.has(name))).toEqual([])
    expect(rows.size).toBe(61)
  }, 120_000)

  it.each([1, 2])(
    "loses nothing when an owner wakes up after another took over (%i)",
    async () => {
      const directory = newDirectory()
      const frozen = writer(directory, "frozen", 1_000_000)
      await frozen.says(/^kept frozen-20$/)
      // Somewhere in the middle of a write, since it does nothing else.
      frozen.signal("SIGSTOP")
      const second = writer(directory, "second", 1_000_000)
      await second.says(/^kept second-20$/)
      frozen.signal("SIGCONT")
      await frozen.says(/^This process stops: /)
      expect(await frozen.ended()).toBe(1)
      const already = keptBy(second).length
      await second.says(new RegExp(`^kept second-${already + 50}$`))
      await second.kill()

      const rows = await rowsIn(directory)
      const acknowledged = [...keptBy(frozen), ...keptBy(second)]
      expect(acknowledged.filter((name) => !rows.has(name))).toEqual([])
    },
    90_000,
  )

  it("lets exactly one of eight places take over", async () => {
    const file = `${newDirectory()}.lock`
    const first = contender(file)
    await first.says(/^taken$/)
    await first.kill()
    const all = Array.from({ length: 8 }, () => contender(file))
    const said = await Promise.all(all.map((one) => one.says(/^taken|in use/)))
    expect(said.filter((line) => line === "taken")).toHaveLength(1)
  }, 120_000)
})
