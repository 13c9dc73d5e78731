/** A revocation on one server, seen by the others: three on one Postgres, or one on the embedded database. */
import { randomBytes } from "node:crypto"
import postgres from "postgres"
import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { newDataDir, Server } from "./support/server"
import { Visitor } from "./support/visitor"

const databaseUrl = process.env.DATABASE_URL
const tries = databaseUrl ? 200 : 30
const atOnce = 10
/** Milliseconds within which every server must have heard: the delay of one second, and some air. */
const latest = 1_500

const servers: Server[] = []
const others = () => (servers.length > 1 ? servers.slice(1) : servers)
const first = () => (servers[0] as Server).url

test.beforeAll(async () => {
  const settings = {
    DATABASE_URL: databaseUrl ?? "",
    DATA_DIR: newDataDir(),
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
  }
  servers.push(await Server.start(settings))
  await servers[0]?.expectHealth(200)
  if (!databaseUrl) return
  // All three believe to be the first one's address, as behind a load balancer.
  const shared = { ...settings, BETTER_AUTH_URL: first() }
  servers.push(await Server.start(shared), await Server.start(shared))
  for (const server of servers) await server.expectHealth(200)
})

test.afterAll(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()))
})

async function newUser() {
  const { email } = newAccount()
  const owner = new Visitor(first())
  await owner.signUp(email)
  return { email, owner }
}

/** Milliseconds until `server` answers `visitor` other than 200. */
async function denialOn(server: Server, visitor: Visitor, since: number): Promise<number> {
  for (;;) {
    const { status } = await visitor.request("/api/me", { server: server.url })
    const elapsed = performance.now() - since
    if (status !== 200) {
      expect(status).toBe(401)
      return elapsed
    }
    if (elapsed > 2 * latest) throw new Error(`still signed in after ${Math.round(elapsed)} ms`)
    // Often enough to see the moment, seldom enough to leave the servers time to answer.
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test(`a revoked device is denied by every server in time, ${tries} times of ${tries}`, async () => {
  test.setTimeout(240_000)
  const { email, owner } = await newUser()
  const denials: number[] = []
  for (let done = 0; done < tries; done += atOnce) {
    const devices = Array.from({ length: atOnce }, () => new Visitor(first()))
    await Promise.all(devices.map((device) => device.signIn(email)))
    const ids = await Promise.all(devices.map((device) => device.sessionId()))
    for (const server of servers) {
      const reads = devices.map((device) => device.request("/api/me", { server: server.url }))
      for (const read of await Promise.all(reads)) expect(read.status).toBe(200)
    }
    await Promise.all(
      devices.map(async (device, index) => {
        const revoked = await owner.post("/revoke-session", { id: ids[index] })
        expect(revoked.status).toBe(200)
        const since = performance.now()
        denials.push(...(await Promise.all(others().map((one) => denialOn(one, device, since)))))
      }),
    )
  }
  const sorted = denials.toSorted((a, b) => a - b)
  const at = (part: number) => Math.round(sorted[Math.ceil(sorted.length * part) - 1] ?? 0)
  console.warn(`denied after ${at(0.5)} ms (median), ${at(0.99)} ms (p99), ${at(1)} ms (latest)`)
  expect(sorted).toHaveLength(tries * others().length)
  expect(at(1)).toBeLessThanOrEqual(latest)
  // The one who revoked is still signed in, everywhere.
  for (const { url } of servers) {
    expect((await owner.request("/api/me", { server: url })).status).toBe(200)
  }
})

test("a revoked device's next write is refused at once, by every server", async () => {
  const { email, owner } = await newUser()
  const device = new Visitor(first())
  await device.signIn(email)
  const id = await device.sessionId()
  const cookies = [...device.cookies]
  expect((await owner.post("/revoke-session", { id })).status).toBe(200)
  const writes: [string, object][] = [
    ["/update-user", { name: "Eve" }],
    ["/revoke-other-sessions", {}],
    ["/rename-session", { id, name: "Eve" }],
    ["/change-password", { currentPassword: "x", newPassword: "eve was here" }],
  ]
  for (const { url } of servers) {
    for (const [path, json] of writes) {
      for (const [name, value] of cookies) device.cookies.set(name, value)
      expect([path, (await device.post(path, json, url)).status]).toEqual([path, 401])
    }
    for (const [name, value] of cookies) device.cookies.set(name, value)
    const list = await device.request("/api/auth/list-sessions", { server: url })
    expect(list.status).toBe(401)
  }
})

// Only a Postgres can be written to beside the server.
if (databaseUrl) {
  test("a user changed by plain SQL is seen as changed by every server in time", async () => {
    const { email, owner } = await newUser()
    for (const { url } of servers) await owner.request("/api/me", { server: url })
    const client = postgres(databaseUrl, { max: 1 })
    await client`update "user" set name = 'Bea', email_verified = true where email = ${email}`
    const since = performance.now()
    await client.end()
    for (const { url } of servers) {
      const user = async () => {
        const { user } = await (await owner.request("/api/me", { server: url })).json()
        return [user.name, user.emailVerified]
      }
      await expect.poll(user, { timeout: latest, intervals: [100] }).toEqual(["Bea", true])
      expect(performance.now() - since).toBeLessThan(latest + 500)
    }
  })
}
