import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, it } from "vitest"
import { killAll, Script } from "@/lib/testing/processes"

afterEach(killAll)

/** The code that says the size of each file in `directory`, and when it was changed last. */
const list = (directory: string) => `
  import { readdirSync, statSync, writeSync } from "node:fs"
  import { join } from "node:path"
  const list = () => {
    const files = readdirSync(${JSON.stringify(directory)}, { recursive: true }).sort().map((name) => {
      const { size, mtimeMs } = statSync(join(${JSON.stringify(directory)}, name))
      return name + " " + size + " " + mtimeMs
    })
    writeSync(1, "files " + files.join() + "\\n")
  }`

it.each([1, 3, 5])(
  "changes no file after the check that ended the process, the %i. of a statement",
  async (at) => {
    const directory = join(mkdtempSync(join(tmpdir(), "fenced-")), "db")
    const writer = new Script(`${list(directory)}
    import { PGlite } from "@electric-sql/pglite"
    import { FencedFiles } from "./lib/db/fenced-files.ts"
    let left = Infinity
    const check = () => {
      if (--left > 0) return
      list()
      process.exit(7)
    }
    const client = await PGlite.create({ fs: new FencedFiles(${JSON.stringify(directory)}, check) })
    await client.exec("create table t (a int)")
    left = ${at}
    await client.exec("insert into t values (1); checkpoint")`)
    const before = await writer.says(/^files /)
    expect(await writer.ended()).toBe(7)
    const reader = new Script(`${list(directory)}
    list()`)
    expect(await reader.says(/^files /)).toBe(before)
  },
  60_000,
)
