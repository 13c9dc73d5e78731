/**
 * What begins while its end is being written: two servers on one Postgres that is 15 ms away, and each
 * pair of acts at once, in all orders. What must never be is looked up in the database afterwards.
 * RACE_ROUNDS=300 runs each as often as a change of the rules deserves.
 */
import { randomBytes, randomInt } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import postgres from "postgres"
import { freePort } from "../scripts/lib/app-server"
import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { databaseUrl } from "./support/admin"
import { Link } from "./support/link"
import { newDataDir, Server } from "./support/server"
import { Visitor } from "./support/visitor"

test.skip(!databaseUrl, "Two servers at once need Postgres: set DATABASE_URL to one.")

const rounds = Number(process.env.RACE_ROUNDS ?? 4)
/** Rounds under way at once: most of one is waiting. */
const lanes = 4
const latency = 15
/** Longer than anything a sign-in does, in milliseconds: the other act may come at any moment of it. */
const spread = 250

let link: Link
let servers: Server[] = []
let sql: ReturnType<typeof postgres>

test.beforeAll(async () => {
  test.setTimeout(120_000)
  sql = postgres(databaseUrl ?? "", { max: 2, onnotice: () => {} })
  link = await Link.open(databaseUrl ?? "", await freePort())
  link.latency = latency
  const settings = {
    DATABASE_URL: link.url,
    DATA_DIR: newDataDir(),
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
    SESSION_LIMIT: "3",
  }
  const first = await Server.start(settings)
  servers = [first, await Server.start({ ...settings, BETTER_AUTH_URL: first.url })]
  for (const server of servers) await server.expectHealth(200)
})

test.afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()))
  await link?.cut()
  await sql?.end()
})

const here = () => servers[0]?.url ?? ""
const there = () => servers[randomInt(servers.length)]?.url ?? ""

type Person = { visitor: Visitor; id: string; email: string; password: string }

async function newPerson(role: "user" | "admin" = "user"): Promise<Person> {
  const account = newAccount()
  const visitor = new Visitor(here())
  await visitor.signUp(account.email, account.password)
  const [row] =
    await sql`update "user" set role = ${role} where email = ${account.email} returning id`
  return { visitor, id: row?.id, email: account.email, password: account.password }
}

const signIn = ({ email, password }: Person) =>
  new Visitor(here()).post("/sign-in/email", { email, password }, there())

/** A link to reset somebody's password, as if it had come by mail. */
async function newResetToken({ id }: Person): Promise<string> {
  const token = randomBytes(12).toString("hex")
  await sql`insert into verification (id, identifier, value, expires_at)
    values (${token}, ${`reset-password:${token}`}, ${id}, now() + interval '1 hour')`
  return token
}

const reset = (token: string, newPassword = `another one ${token}`) =>
  new Visitor(here()).post("/reset-password", { token, newPassword }, there())

const sessionsOf = async ({ id }: Person) =>
  (await sql`select id, impersonated_by from session where user_id = ${id}`).map((row) => ({
    ...row,
  }))

/** Runs all of them at once, each beginning at some moment of the others, and answers their statuses. */
async function atOnce(...acts: (() => Promise<Response>)[]): Promise<number[]> {
  const answers = await Promise.all(
    acts.map(async (act) => {
      await sleep(randomInt(spread))
      return act()
    }),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status >= 500)).toEqual([])
  return statuses
}

function race(title: string, round: () => Promise<void>): void {
  test(`${title}, ${rounds} times`, async () => {
    test.setTimeout(30_000 + rounds * 5_000)
    let begun = 0
    const lane = async () => {
      while (begun++ < rounds) await round()
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  })
}

race("a reset password leaves no session of the old one", async () => {
  const person = await newPerson()
  const token = await newResetToken(person)
  await atOnce(
    () => reset(token),
    () => signIn(person),
    () => signIn(person),
  )
  expect(await sessionsOf(person)).toEqual([])
})

race("a changed password leaves the session that changed it, and no other", async () => {
  const person = await newPerson()
  const body = {
    currentPassword: person.password,
    newPassword: "a changed password",
    revokeOtherSessions: true,
  }
  const [status] = await atOnce(
    () => person.visitor.post("/change-password", body, there()),
    () => signIn(person),
    () => signIn(person),
  )
  expect(status).toBe(200)
  expect(await sessionsOf(person)).toHaveLength(1)
  expect((await person.visitor.request("/api/auth/list-sessions")).status).toBe(200)
})

race("a reset is not undone by a change that knew the old password", async () => {
  const person = await newPerson()
  const token = await newResetToken(person)
  const body = { currentPassword: person.password, newPassword: "the thief's choice" }
  const revokeOtherSessions = randomInt(2) === 0
  await atOnce(
    () => reset(token, "the owner's choice"),
    () => person.visitor.post("/change-password", { ...body, revokeOtherSessions }, there()),
  )
  expect(await sessionsOf(person)).toEqual([])
  expect((await signIn({ ...person, password: "the owner's choice" })).status).toBe(200)
})

race("of two links to reset a password one works", async () => {
  const person = await newPerson()
  const tokens = [await newResetToken(person), await newResetToken(person)]
  const statuses = await atOnce(...tokens.map((token) => () => reset(token)))
  expect(statuses.sort()).toEqual([200, 400])
})

race("a ban leaves no session, however it is written", async () => {
  const [admin, person] = [await newPerson("admin"), await newPerson()]
  const body = { userId: person.id, banReason: "Spam" }
  const isPlain = randomInt(2) === 0
  const plainBan = () =>
    sql`update "user" set banned = true where id = ${person.id}`.then(() => new Response())
  await atOnce(
    isPlain ? plainBan : () => admin.visitor.post("/admin/ban-user", body, there()),
    () => signIn(person),
    () => signIn(person),
    () => admin.visitor.post("/admin/impersonate-user", { userId: person.id }, there()),
  )
  expect(await sessionsOf(person)).toEqual([])
})

race("a ban that has run out is not lifted over a new one", async () => {
  const [admin, person] = [await newPerson("admin"), await newPerson()]
  await sql`update "user" set banned = true, ban_expires = now() - interval '1 minute'
    where id = ${person.id}`
  const body = { userId: person.id, banReason: "Again" }
  await atOnce(
    () => admin.visitor.post("/admin/ban-user", body, there()),
    () => signIn(person),
    () => signIn(person),
  )
  const [row] = await sql`select banned, ban_reason from "user" where id = ${person.id}`
  expect(row).toEqual({ banned: true, ban_reason: "Again" })
  expect(await sessionsOf(person)).toEqual([])
})

race(
  "an impersonation outlives neither its administrator's role nor its user's promotion",
  async () => {
    const [first, second, person] = [
      await newPerson("admin"),
      await newPerson("admin"),
      await newPerson(),
    ]
    const changed =
      randomInt(2) === 0
        ? { userId: second.id, role: "user" }
        : { userId: person.id, role: "admin" }
    await atOnce(
      () => first.visitor.post("/admin/set-role", changed, there()),
      () => second.visitor.post("/admin/impersonate-user", { userId: person.id }, there()),
    )
    const seen = (await sessionsOf(person)).filter((session) => session.impersonated_by !== null)
    expect(seen).toEqual([])
  },
)

race("two administrators who take each other's role, or ban each other, leave one", async () => {
  const [first, second] = [await newPerson("admin"), await newPerson("admin")]
  const act = ({ visitor }: Person, { id }: Person) =>
    randomInt(2) === 0
      ? () => visitor.post("/admin/set-role", { userId: id, role: "user" }, there())
      : () => visitor.post("/admin/ban-user", { userId: id, banReason: "Mutiny" }, there())
  await atOnce(act(first, second), act(second, first))
  const left = await sql`select id from "user"
    where id in (${first.id}, ${second.id}) and role = 'admin' and banned is not true`
  expect(left).toHaveLength(1)
})

race("two devices that sign each other out leave one", async () => {
  const person = await newPerson()
  const phone = new Visitor(here())
  expect((await phone.post("/sign-in/email", person)).status).toBe(200)
  const statuses = await atOnce(
    () => person.visitor.post("/revoke-other-sessions", {}, there()),
    () => phone.post("/revoke-other-sessions", {}, there()),
  )
  expect(statuses.sort()).toEqual([200, 401])
  expect(await sessionsOf(person)).toHaveLength(1)
})

race("sign-ins at once leave no more sessions than may be", async () => {
  const person = await newPerson()
  const statuses = await atOnce(...Array.from({ length: 6 }, () => () => signIn(person)))
  expect(statuses).toEqual(Array(6).fill(200))
  expect(await sessionsOf(person)).toHaveLength(3)
})
