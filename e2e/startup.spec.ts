/** How a server starts, refuses to start, and comes through being killed. */
import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"
import postgres from "postgres"
import { freePort } from "../scripts/lib/app-server"
import { expect, test } from "./fixtures"
import { newDataDir, Server } from "./support/server"

const postgresUrl = process.env.DATABASE_URL
const password = "correct horse battery"

const servers: Server[] = []
async function startServer(settings: Record<string, string | undefined>): Promise<Server> {
  const server = await Server.start({ DATABASE_URL: "", ...settings })
  servers.push(server)
  return server
}

test.afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()))
})

let visitors = 0
/** A request as from a visitor of its own, so that no rate limit is shared. */
function post(server: Server, path: string, body: object): Promise<Response> {
  visitors += 1
  return fetch(`${server.url}/api/auth${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: server.url,
      "x-forwarded-for": `10.200.${visitors >> 8}.${visitors & 255}`,
    },
    body: JSON.stringify(body),
  })
}

test("a server without a secret refuses to start, and says why", async () => {
  const server = await startServer({ BETTER_AUTH_SECRET: "", DATA_DIR: newDataDir() })
  expect(await server.exit()).toBe(1)
  expect(server.output).toContain("BETTER_AUTH_SECRET is not set. Make one with:")
  expect(server.output).not.toContain("    at ")
})

test("a server with a trusted proxy that is none refuses to start, and names it", async () => {
  const server = await startServer({ TRUSTED_PROXIES: "10.0.0.0/99", DATA_DIR: newDataDir() })
  expect(await server.exit()).toBe(1)
  expect(server.output).toContain('TRUSTED_PROXIES: "10.0.0.0/99" is not an address')
})

test("a second server on one embedded database is refused, and the first goes on", async () => {
  const settings = { DATA_DIR: newDataDir() }
  const first = await startServer(settings)
  await first.expectHealth(200)
  const second = await startServer(settings)
  expect(await second.exit()).toBe(1)
  expect(second.output).toContain(`in use by process ${first.process.pid}`)
  await first.expectHealth(200)
})

test("a killed server loses no acknowledged sign-up, and the next one takes over", async () => {
  test.slow()
  const settings = { DATA_DIR: newDataDir() }
  const first = await startServer(settings)
  await first.expectHealth(200)
  const acknowledged: string[] = []
  const emails = Array.from({ length: 40 }, (_, index) => `killed-${index}@example.com`)
  // Two at a time, so that one is being written whenever another one is answered.
  const waiting = emails.values()
  const signUp = async () => {
    for (const email of waiting) {
      const response = await post(first, "/sign-up/email", { name: "Ana", email, password })
      if (response.ok) acknowledged.push(email)
    }
  }
  const settled = Promise.allSettled([signUp(), signUp()])
  await expect.poll(() => acknowledged.length, { intervals: [10] }).toBeGreaterThan(5)
  await first.kill()
  await settled
  expect(acknowledged.length).toBeLessThan(emails.length)

  const second = await startServer(settings)
  await second.expectHealth(200)
  for (const email of acknowledged) {
    const response = await post(second, "/sign-in/email", { email, password })
    expect([email, response.status]).toEqual([email, 200])
  }
})

test("a server that cannot reach its database starts, says so once, and answers 503", async () => {
  const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`
  const server = await startServer({ DATABASE_URL: url, DATA_DIR: newDataDir() })
  await server.expectHealth(503)
  for (let request = 0; request < 5; request++) {
    const signIn = await post(server, "/sign-in/email", { email: "a@example.com", password })
    expect(signIn.status).toBe(503)
    expect(signIn.headers.get("retry-after")).toBe("1")
  }
  expect(server.output.match(/The database cannot answer/g)).toHaveLength(1)
})

// These two need a Postgres; on the embedded database nothing can be missing or out of reach.
if (postgresUrl) {
  test("a database that appears later is used without a restart", async () => {
    const target = new URL(postgresUrl)
    const port = await freePort()
    const behind = new URL(postgresUrl)
    behind.host = `127.0.0.1:${port}`
    const server = await startServer({ DATABASE_URL: behind.href, DATA_DIR: newDataDir() })
    await server.expectHealth(503)

    const sockets = new Set<Socket>()
    const proxy = createServer((client) => {
      const upstream = connect(Number(target.port || 5432), target.hostname)
      sockets.add(client).add(upstream)
      client.pipe(upstream).pipe(client)
      for (const socket of [client, upstream]) {
        socket.on("error", () => socket.destroy())
      }
    }).listen(port, "127.0.0.1")
    await once(proxy, "listening")
    await server.expectHealth(200)
    expect(server.output).toContain("The database answers again.")
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })

  test("a server refuses a database that has not been migrated", async () => {
    const admin = postgres(postgresUrl, { max: 1 })
    const name = `unmigrated_${Date.now()}`
    await admin.unsafe(`create database ${name}`)
    try {
      const url = new URL(postgresUrl)
      url.pathname = `/${name}`
      const server = await startServer({ DATABASE_URL: url.href, DATA_DIR: newDataDir() })
      expect(await server.exit()).toBe(1)
      expect(server.output).toContain("has not been migrated for this version")
      expect(server.output).toContain("npm run db:migrate")
    } finally {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    }
  })
}
