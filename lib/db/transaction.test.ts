/** What a caller is told of a transaction is what has happened, whatever went wrong and when. */
import { randomUUID } from "node:crypto"
import { setTimeout as pause } from "node:timers/promises"
import { eq, sql } from "drizzle-orm"
import fc from "fast-check"
import { afterEach, describe, expect, it, vi } from "vitest"
import { type Act, transactionAs } from "@/lib/activity/act"
import { db } from "@/lib/db"
import { activityOf, listenToLog } from "@/lib/testing/activity"
import "@/lib/testing/database"
import { watchForOutage } from "./errors"
import { guarded, mostTries } from "./guard"
import type { Database } from "./index"
import { session, user } from "./schema"
import { guardedTransaction, noteTransactionId, type Transaction } from "./transaction"

const onPostgres = Boolean(process.env.DATABASE_URL)

const newUser = (id: string) => ({ id, name: id, email: `${id}@example.com` })
const exists = async (id: string) =>
  (await db.select().from(user).where(eq(user.id, id))).length === 1

async function addUser(): Promise<string> {
  const id = randomUUID()
  await db.insert(user).values(newUser(id))
  return id
}

/** A statement that the database ends with `code`, as it does in earnest. */
const refuse = (tx: Pick<Transaction, "execute">, code: string) =>
  tx.execute(sql.raw(`do $$ begin raise exception 'in a test' using errcode = '${code}'; end $$`))

const cut = () => Promise.reject(Object.assign(new Error("closed"), { code: "CONNECTION_CLOSED" }))

describe("a transaction with little time", () => {
  it("has happened when its caller hears so, and has not when they hear that it is late", async () => {
    const outcomes = new Set<boolean>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }),
        async (steps) => {
          const id = randomUUID()
          const work = async (tx: Transaction) => {
            await guarded(async () => tx.insert(user).values(newUser(id)))
            for (const step of steps) {
              await pause(step)
              await guarded(async () => tx.execute(sql`select 1`))
            }
          }
          const outcome = await watchForOutage(() =>
            guardedTransaction(work, db, 90).then(
              () => true,
              () => false,
            ),
          )
          const isDone = !outcome.unavailable && outcome.value
          outcomes.add(isDone)
          // Behind whatever is left of it.
          await guardedTransaction(async (tx) => tx.execute(sql`select 1`))
          await vi.waitFor(async () => expect(await exists(id)).toBe(isDone))
        },
      ),
      { numRuns: 25, examples: [[[0]], [[60, 60, 60]]] },
    )
    expect(outcomes).toEqual(new Set([true, false]))
  })

  it("begins nothing anew once it is late, also where its work goes on", async () => {
    const id = randomUUID()
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let inner: Promise<unknown> = Promise.resolve()
    const late = guardedTransaction(
      async (tx) => {
        await tx.execute(sql`select 1`)
        await held
        inner = transactionAs({}, (own) => own.insert(user).values(newUser(id)))
        await inner
      },
      db,
      50,
    )
    await expect(late).rejects.toMatchObject({ code: "DEADLINE" })
    goOn()
    await vi.waitFor(() => expect(inner).rejects.toMatchObject({ code: "DEADLINE" }))
    expect(await exists(id)).toBe(false)
  })

  if (onPostgres) {
    it("takes two statements that are slow, as long as it is in time", async () => {
      const userId = await addUser()
      await transactionAs({ actor: "system" }, async (tx) => {
        await tx.execute(sql`select pg_sleep(1.6)`)
        await tx.update(user).set({ banned: true }).where(eq(user.id, userId))
        await tx.execute(sql`select pg_sleep(1.6)`)
      })
      const [row] = await db.select().from(user).where(eq(user.id, userId))
      expect(row?.banned).toBe(true)
    })
  }
})

describe("a commit that is not answered", () => {
  /** Who waits for a silent connection; they hear of its end when the test is over. */
  const waiting: ((reason: Error) => void)[] = []
  afterEach(() => {
    for (const reject of waiting.splice(0)) reject(new Error("The test is over."))
  })

  /** The database, whose connections fall silent (or break) once they have ended their transaction. */
  const afterEnd = (how: "silent" | "cut", doCommit: boolean) => {
    const transaction = async (work: (tx: Transaction) => Promise<unknown>) => {
      const rollback = new Error("not committed")
      await db
        .transaction(async (tx) => {
          await work(tx)
          if (!doCommit) throw rollback
        })
        .catch((error: unknown) => {
          if (error !== rollback) throw error
        })
      return how === "cut" ? cut() : new Promise<never>((_, reject) => waiting.push(reject))
    }
    return { transaction, execute: db.execute.bind(db) } as unknown as Database
  }
  const insert = (id: string) => async (tx: Transaction) => {
    await tx.insert(user).values(newUser(id))
    const [row] = await tx
      .select({ number: sql<string>`pg_current_xact_id()::text` })
      .from(user)
      .limit(1)
    noteTransactionId(row?.number ?? null)
    return "done"
  }

  it.each([
    ["silent", true],
    ["silent", false],
    ["cut", true],
    ["cut", false],
  ] as const)("is looked up: a connection that is %s, committed: %s", async (how, doCommit) => {
    const id = randomUUID()
    const told = await guardedTransaction(insert(id), afterEnd(how, doCommit)).catch(() => "failed")
    expect(told).toBe(doCommit ? "done" : "failed")
    expect(await exists(id)).toBe(doCommit)
  })

  it("is said to be unknown where it is, and is not done again", async () => {
    const log = listenToLog()
    const ids: string[] = []
    const work = (tx: Transaction) => {
      const id = randomUUID()
      ids.push(id)
      return tx.insert(user).values(newUser(id))
    }
    const outcome = await watchForOutage(() => guardedTransaction(work, afterEnd("cut", true)))
    expect(outcome.unavailable).toBe(true)
    expect(log.text()).toContain("may or may not have been done")
    expect(ids).toHaveLength(1)
  })
})

describe("what undid a transaction as a whole", () => {
  const steps = ["first", "last", "swallowed"] as const

  it.each(["40P01", "40001", "cut"].flatMap((code) => steps.map((step) => [code, step] as const)))(
    "%s at the %s statement makes it run again, and nobody hears of it",
    async (code, step) => {
      const userId = await addUser()
      await guarded(async () => db.execute(sql`select 1`))
      const log = listenToLog()
      const act: Act = { actor: "system" }
      let runs = 0
      const work = async (tx: Transaction) => {
        runs += 1
        const interrupt = async () => {
          if (runs > 1) return
          const failing = guarded(async () => (code === "cut" ? cut() : refuse(tx, code)))
          if (step === "swallowed") await failing.catch(() => {})
          else await failing
        }
        if (step === "first") await interrupt()
        await guarded(async () => tx.update(user).set({ role: "admin" }).where(eq(user.id, userId)))
        if (step !== "first") await interrupt()
        return runs
      }
      const outcome = await watchForOutage(() => transactionAs(act, work))
      expect(outcome).toMatchObject({ unavailable: false, value: 2 })
      expect((await activityOf(userId)).map(({ kind }) => kind)).toEqual([
        "sign-up",
        "role-changed",
      ])
      expect(log.events()).toHaveLength(1)
      expect(log.text()).not.toContain("database")
    },
  )

  it.each(["40P01", "40001"])("%s is given up at last, named, and no outage", async (code) => {
    const log = listenToLog()
    let runs = 0
    const outcome = await watchForOutage(() =>
      guardedTransaction((tx) => {
        runs += 1
        return guarded(async () => refuse(tx, code))
      }),
    )
    expect(outcome).toEqual({ unavailable: true })
    expect(runs).toBe(mostTries)
    expect(log.text()).toContain(`(${code})`)
    expect(log.text()).not.toContain("cannot answer")
  })

  it("is not done again in part: the one around it is", async () => {
    let outer = 0
    let inner = 0
    await transactionAs({}, async (tx) => {
      outer += 1
      await guarded(async () => tx.execute(sql`select 1`))
      await transactionAs({}, async (same) => {
        inner += 1
        if (inner === 1) await guarded(async () => refuse(same, "40P01"))
      })
    })
    expect([outer, inner]).toEqual([2, 2])
  })

  it.each(["40P01", "40001"])("%s in a statement of its own is tried again", async (code) => {
    let runs = 0
    const outcome = await watchForOutage(() =>
      guarded(async () => {
        runs += 1
        return runs === 1 ? refuse(db, code) : "done"
      }),
    )
    expect(outcome).toMatchObject({ unavailable: false, value: "done" })
  })

  if (onPostgres) {
    it("is a deadlock in earnest, of which neither side hears", async () => {
      const race = async () => {
        const ids = [await addUser(), await addUser()]
        const hold = (id: string | undefined, tx: Transaction) =>
          tx
            .update(user)
            .set({ name: randomUUID() })
            .where(eq(user.id, id ?? ""))
        let met = 0
        let meet = () => {}
        const both = new Promise<void>((resolve) => {
          meet = resolve
        })
        const side = (order: (string | undefined)[]) =>
          transactionAs({ actor: "system" }, async (tx) => {
            await hold(order[0], tx)
            met += 1
            if (met >= 2) meet()
            await both
            await hold(order[1], tx)
          })
        await Promise.all([side(ids), side(ids.toReversed())])
      }
      const outcome = await watchForOutage(() => Promise.all([race(), race(), race()]))
      expect(outcome.unavailable).toBe(false)
    })

    it("is a statement too slow for the server: named, answered with 503, and no outage", async () => {
      const log = listenToLog()
      const outcome = await watchForOutage(() =>
        guarded(async () => db.execute(sql`select pg_sleep(10)`)),
      )
      expect(outcome).toEqual({ unavailable: true })
      expect(log.text()).toMatch(/stopped a query.*57014/)
      expect(log.text()).not.toContain("cannot answer")
    })
  }
})

if (onPostgres) {
  it("a user who changes and sessions that end meanwhile never wait for each other for good", async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, addUser))
    const expiresAt = new Date(Date.now() + 3_600_000)
    const race = async (round: number) => {
      await db
        .insert(session)
        .values(ids.map((userId) => ({ id: randomUUID(), token: randomUUID(), userId, expiresAt })))
      const rows = round % 2 ? ids : ids.toReversed()
      return Promise.all([
        guarded(async () =>
          db.execute(sql`update "user" set name = name where id = any(${sql.param(rows)})`),
        ),
        guarded(async () =>
          db.execute(sql`delete from session where user_id = any(${sql.param(ids)})`),
        ),
        guarded(async () =>
          db.execute(sql`
          delete from session_invalidation where id in (
            select id from session_invalidation for update skip locked
          )`),
        ),
      ])
    }
    const outcome = await watchForOutage(async () => {
      for (let round = 0; round < 30; round++) await race(round)
    })
    expect(outcome.unavailable).toBe(false)
  })
}
