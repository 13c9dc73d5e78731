/** A transaction pooler such as PgBouncer refuses start-up parameters that it does not know. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { type AddressInfo, connect, createServer } from "node:net"
import { describe, expect, it } from "vitest"

const server = process.env.DATABASE_URL

/** Postgres' ErrorResponse: a type, a length, and fields of a letter and a text. */
function errorResponse(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
  const head = Buffer.from([69, 0, 0, 0, 0])
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

/** Stands before the database at `url` and refuses `statement_timeout`, in PgBouncer's words. */
async function openPooler(url: URL) {
  let refused = 0
  const pooler = createServer((client) => {
    client.on("error", () => client.destroy())
    client.once("data", (startup) => {
      if (startup.includes("statement_timeout")) {
        refused += 1
        client.end(errorResponse("08P01", "unsupported startup parameter: statement_timeout"))
        return
      }
      const upstream = connect(Number(url.port || 5432), url.hostname)
      upstream.on("error", () => client.destroy())
      upstream.write(startup)
      client.pipe(upstream).pipe(client)
    })
  }).listen(0, "127.0.0.1")
  await once(pooler, "listening")
  const through = new URL(url)
  through.host = `127.0.0.1:${(pooler.address() as AddressInfo).port}`
  return { url: through.href, refusals: () => refused, close: () => pooler.close() }
}

describe("a pooler that refuses our statement timeout", () => {
  if (server) {
    it("is connected to without it", async () => {
      const pooler = await openPooler(new URL(server))
      const script = `
        import { openDatabase, isMigrated } from "./lib/db/migrate.ts"
        import { closeDatabase } from "./lib/db/index.ts"
        await openDatabase()
        console.log(await isMigrated())
        await closeDatabase()`
      const child = spawn(
        process.execPath,
        ["--import", "tsx", "--input-type=module", "--eval", script],
        {
          env: { ...process.env, DATABASE_URL: pooler.url },
          stdio: ["ignore", "pipe", "inherit"],
        },
      )
      const [said] = await once(child.stdout, "data")
      expect(String(said).trim()).toBe("true")
      expect(pooler.refusals()).toBeGreaterThan(0)
      await once(child, "exit")
      pooler.close()
    }, 60_000)
  } else {
    it("is nothing the embedded database could meet", async () => {
      const { dropStatementTimeout } = await import("./index")
      expect(dropStatementTimeout()).toBe(false)
    })
  }
})
