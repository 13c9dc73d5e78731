/** What an administrator does on one server, felt on the others: three on one Postgres, or one alone on the embedded database. */
import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { type AppWithAdmins, databaseUrl, startWithAdmins } from "./support/admin"
import { Server } from "./support/server"
import { Visitor } from "./support/visitor"

/** Where it is felt, for the titles: the embedded database has one server. */
const everywhere = databaseUrl ? "every server" : "the one server"

/** Milliseconds within which every server must have heard: the delay of one second, and some air. */
const latest = 1_500

let app: AppWithAdmins
const servers: Server[] = []
const others = () => (servers.length > 1 ? servers.slice(1) : servers)

test.beforeAll(async () => {
  test.setTimeout(180_000)
  app = await startWithAdmins(2)
  servers.push(app.server)
  if (!databaseUrl) return
  // All three believe to be the first one's address, as behind a load balancer.
  const shared = { ...app.settings, BETTER_AUTH_URL: app.server.url }
  servers.push(await Server.start(shared), await Server.start(shared))
  for (const server of servers) await server.expectHealth(200)
})

test.afterAll(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()))
})

async function signedInAdmin(at: number): Promise<Visitor> {
  const { email, password } = app.admins[at] as AppWithAdmins["admins"][0]
  const admin = new Visitor(app.server.url)
  expect((await admin.post("/sign-in/email", { email, password })).status).toBe(200)
  return admin
}

/** A new user whose cookies every server has believed. */
async function warmUser() {
  const user = new Visitor(app.server.url)
  await user.signUp(newAccount().email)
  const { session } = await (await user.request("/api/auth/get-session")).json()
  for (const { url } of servers) {
    expect((await user.request("/api/me", { server: url })).status).toBe(200)
  }
  return { user, userId: session.userId as string, id: session.id as string }
}

/** Waits until every other server answers `visitor` with `expected`; fails when that takes too long. */
async function expectSoon(visitor: Visitor, expected: number): Promise<void> {
  const since = performance.now()
  const took = await Promise.all(
    others().map(async ({ url }) => {
      const status = async () => (await visitor.request("/api/me", { server: url })).status
      await expect.poll(status, { timeout: 2 * latest, intervals: [100] }).toBe(expected)
      return performance.now() - since
    }),
  )
  console.warn(`felt after ${took.map(Math.round).join(" and ")} ms`)
  expect(Math.max(...took)).toBeLessThanOrEqual(latest)
}

test(`a session that is ended is over on ${everywhere}`, async () => {
  const admin = await signedInAdmin(0)
  const { user, userId, id } = await warmUser()
  expect((await admin.post("/admin/revoke-user-session", { userId, id })).status).toBe(200)
  await expectSoon(user, 401)
})

test(`all of them are over on ${everywhere}, and those of a banned user`, async () => {
  const admin = await signedInAdmin(0)
  for (const [path, more] of [
    ["/admin/revoke-user-sessions", {}],
    ["/admin/ban-user", { banReason: "Spam" }],
  ] as const) {
    const { user, userId } = await warmUser()
    expect((await admin.post(path, { userId, ...more })).status).toBe(200)
    await expectSoon(user, 401)
  }
})

test(`a demoted administrator is refused by ${everywhere} at once`, async () => {
  const [admin, former] = [await signedInAdmin(0), await signedInAdmin(1)]
  const userId = app.admins[1]?.id ?? ""
  for (const { url } of servers) {
    expect((await former.request("/admin/users", { server: url })).status).toBe(200)
  }
  expect((await admin.post("/admin/set-role", { userId, role: "user" })).status).toBe(200)
  const cookies = [...former.cookies]
  for (const { url } of servers) {
    for (const [name, value] of cookies) former.cookies.set(name, value)
    expect((await former.request("/admin/users", { server: url })).status).toBe(404)
    for (const [name, value] of cookies) former.cookies.set(name, value)
    const refused = await former.post("/admin/ban-user", { userId, banReason: "Revenge" }, url)
    expect(refused.status).toBe(403)
  }
  // And the copies of the role go with the next second.
  for (const { url } of servers) {
    const role = async () => {
      const { user } = await (await former.request("/api/me", { server: url })).json()
      return user.role
    }
    await expect.poll(role, { timeout: latest, intervals: [100] }).toBeUndefined()
  }
})
