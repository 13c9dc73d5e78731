/** Connections that are cut, and servers that take no more of them: reads are answered all the same. */

import "@/lib/testing/own-database"
import { spawn, spawnSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { eq, sql } from "drizzle-orm"
import postgres from "postgres"
import { afterAll, describe, expect, it } from "vitest"
import { readActivityPage, readEndings } from "@/lib/activity/read"
import { readUsers } from "@/lib/admin/list-users"
import { findUser, isImpersonation, listActivity, listSessions } from "@/lib/admin/reads"
import { auth } from "@/lib/auth"
import { db } from "@/lib/db"
import { isHealthy } from "@/lib/health"
import { userExists } from "@/lib/sessions/revoke"
import { signedUp } from "@/lib/testing/browser"
import { ownUrl } from "@/lib/testing/own-database"
import { watchForOutage } from "./errors"
import { guardedRead, guardedUrgentRead } from "./guard"
import { isMigrated } from "./migrate"
import { user } from "./schema"
import { guardedTransaction } from "./transaction"

const server = process.env.DATABASE_URL

describe("connections that were cut", () => {
  if (!server || !ownUrl) {
    it("are nothing the embedded database has", () => expect(server).toBeUndefined())
    return
  }
  const killing = `
    import postgres from "postgres"
    const sql = postgres(${JSON.stringify(server)}, { max: 1 })
    const name = ${JSON.stringify(new URL(ownUrl).pathname.slice(1))}
    await sql\`select pg_terminate_backend(pid) from pg_stat_activity where datname = \${name}\`
    await sql.end()`
  /** Ends every connection of this file's database while this process looks away, as one that was frozen. */
  const killAll = () => {
    const { status } = spawnSync(process.execPath, ["--input-type=module", "--eval", killing])
    expect(status).toBe(0)
  }

  type Ana = Awaited<ReturnType<typeof signedUp>>
  const reads: [name: string, read: (ana: Ana) => Promise<unknown>][] = [
    [
      "get-session, from the database",
      ({ browser }) => browser.call("/get-session?disableCookieCache=true"),
    ],
    ["list-sessions", ({ browser }) => browser.list()],
    [
      "a page's session",
      ({ browser }) => {
        const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
        const query = { disableRefresh: true, disableCookieCache: true } as const
        return auth.api.getSession({ headers: new Headers({ cookie }), query })
      },
    ],
    ["a user, for administrators", ({ userId }) => findUser(userId)],
    ["their sessions", ({ userId, sessionId }) => listSessions(userId, sessionId)],
    [
      "their activity",
      ({ userId, sessionId }) => listActivity(userId, sessionId, { filter: "all" }),
    ],
    ["all users", () => readUsers({ search: "", sort: "newest", page: "first" })],
    ["whether it is an impersonation", ({ browser }) => isImpersonation(browser.token())],
    ["one's activity", ({ userId }) => readActivityPage(userId, { filter: "all" }, 10)],
    ["sessions that ended", ({ userId }) => readEndings(userId, 10)],
    ["whether somebody has an address", ({ email }) => userExists(email)],
    ["health", () => isHealthy()],
    ["whether it is migrated", () => isMigrated()],
    [
      "a transaction that had only begun",
      ({ userId }) =>
        guardedTransaction(async (tx) => tx.select().from(user).where(eq(user.id, userId))),
    ],
  ]

  it.each(reads)("do not show: %s", async (_, read) => {
    const ana = await signedUp()
    // As many connections as there may be: whichever comes next is a dead one. (Some still are, of the last time.)
    const nap = () => guardedRead(async () => db.execute(sql`select pg_sleep(0.05)`))
    await Promise.all(Array.from({ length: 10 }, nap))
    killAll()
    const outcome = await watchForOutage(() => read(ana))
    expect(outcome.unavailable).toBe(false)
  })
})

describe("a server that takes fewer connections than two processes ask for", () => {
  if (!server) {
    it("is nothing the embedded database could be", () => expect(server).toBeUndefined())
    return
  }
  const role = `few_${randomUUID().slice(0, 8)}`
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  afterAll(async () => {
    await admin.unsafe(`drop role if exists ${role}`)
    await admin.end()
  })

  it.each([
    [15, 0.1],
    [11, 0.02],
  ])(
    "of %i for 20: every read gets its turn",
    async (connections, seconds) => {
      await admin.unsafe(`drop role if exists ${role}`)
      await admin.unsafe(`create role ${role} login password 'few' connection limit ${connections}`)
      const url = new URL(server)
      url.username = role
      url.password = "few"
      const script = `
      import { sql } from "drizzle-orm"
      import { db, closeDatabase } from "./lib/db/index.ts"
      import { guardedRead } from "./lib/db/guard.ts"
      const read = () => guardedRead(async () => db.execute(sql\`select pg_sleep(${seconds})\`)).then(() => "answered", (error) => error.code)
      process.stdin.once("data", async () => {
        const outcomes = await Promise.all(Array.from({ length: 40 }, read))
        console.log(JSON.stringify(outcomes))
        process.stdin.destroy()
        await closeDatabase()
      })
      console.log("ready")`
      const start = async () => {
        const child = spawn(
          process.execPath,
          ["--import", "tsx", "--input-type=module", "--eval", script],
          {
            env: { ...process.env, DATABASE_URL: url.href, DATABASE_POOL_SIZE: "10" },
            stdio: ["pipe", "pipe", "inherit"],
          },
        )
        await once(child.stdout, "data")
        return child
      }
      const children = await Promise.all([start(), start()])
      const answers = children.map(async (child) => {
        child.stdin.write("go\n")
        const [text] = await once(child.stdout, "data")
        await once(child, "exit")
        return JSON.parse(String(text)) as string[]
      })
      expect(new Set((await Promise.all(answers)).flat())).toEqual(new Set(["answered"]))
    },
    60_000,
  )
})

it("what is urgent is answered while all others wait", async ({ skip }) => {
  skip(!ownUrl, "the embedded database has one connection")
  const nap = () => guardedRead(async () => db.execute(sql`select pg_sleep(1)`), 30_000)
  const naps = Array.from({ length: 30 }, nap)
  const since = performance.now()
  await guardedUrgentRead(async () => db.execute(sql`select 1`), 900)
  expect(performance.now() - since).toBeLessThan(900)
  await Promise.all(naps)
})

it("a read that fails for another reason is not done again", async () => {
  let reads = 0
  const failing = guardedRead(async () => {
    reads += 1
    throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" })
  })
  await expect(failing).rejects.toMatchObject({ code: "ECONNREFUSED" })
  expect(reads).toBe(1)
})
