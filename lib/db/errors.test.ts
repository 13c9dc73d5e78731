import type { DBAdapter } from "better-auth"
import { afterEach, describe, expect, it, vi } from "vitest"
import { auth } from "@/lib/auth"
import { type Database, db } from "@/lib/db"
import "@/lib/testing/database"
import { guardAdapter } from "./adapter"
import { DatabaseError, noteOutage, toDatabaseError, watchForOutage } from "./errors"
import { guarded } from "./guard"
import { user } from "./schema"

const systemError = (code: string) => Object.assign(new Error("connect"), { code })

/** A guarded adapter on a database of which only `transaction` is there. */
function adapterOn(transaction: (work: (tx: object) => Promise<unknown>) => Promise<unknown>) {
  const adapter = { id: "stub" } as unknown as DBAdapter
  return guardAdapter(() => () => ({ ...adapter }), undefined, {
    transaction,
  } as unknown as Database)({})
}

/** What a refused query throws. */
async function failureOf(query: () => Promise<unknown>): Promise<unknown> {
  try {
    await guarded(query)
  } catch (error) {
    return error
  }
  throw new Error("The query did not fail.")
}

describe("toDatabaseError", () => {
  it.each([
    ["ECONNREFUSED", true],
    ["CONNECTION_CLOSED", true],
    ["CONNECT_TIMEOUT", true],
    ["57014", true],
    ["57P01", true],
    ["53300", true],
    ["08006", true],
    ["23505", false],
    ["22P02", false],
    ["42P01", false],
  ])("tells by %s whether the database was unavailable", (code, unavailable) => {
    const wrapped = new Error("wrapped", { cause: systemError(code) })
    expect(toDatabaseError(wrapped)).toMatchObject({ code, unavailable })
  })

  it("finds the code in an AggregateError, as Node throws for localhost", () => {
    const both = new AggregateError([systemError("ECONNREFUSED"), systemError("ECONNREFUSED")])
    expect(toDatabaseError(both)).toMatchObject({ code: "ECONNREFUSED", unavailable: true })
  })

  it("leaves other errors alone", () => {
    const error = new TypeError("a bug")
    expect(toDatabaseError(error)).toBe(error)
  })
})

describe("a failed query", () => {
  /** What hangs until its test is over: the embedded database's one turn is not given back before. */
  const hung: ((reason: Error) => void)[] = []
  afterEach(() => {
    for (const reject of hung.splice(0)) reject(new Error("The test is over."))
  })

  it("tells nothing of its parameters, in its message or anywhere else", async () => {
    const secrets = { id: "secret-id", name: "secret-name", email: "secret@example.com" }
    await db.insert(user).values(secrets)
    const error = await failureOf(async () => db.insert(user).values(secrets))
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error).toMatchObject({ code: "23505", unavailable: false })
    const { inspect } = await import("node:util")
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/secret/)
  })

  it("is told from one that hangs, in time", async () => {
    const hanging = () => new Promise<never>((_, reject) => hung.push(reject))
    await expect(guarded(hanging, 20)).rejects.toMatchObject({
      code: "DEADLINE",
      unavailable: true,
    })
  })

  it("inside a transaction takes the transaction's other writes back", async () => {
    const { adapter } = await auth.$context
    const create = (trx: Pick<typeof adapter, "create">, id: string) =>
      trx.create({
        model: "user",
        data: { id, name: id, email: `${id}@example.com` },
        forceAllowId: true,
      })
    const twice = adapter.transaction(async (trx) => {
      await create(trx, "twice")
      await create(trx, "twice")
    })
    await expect(twice).rejects.toMatchObject({ statusCode: 422 })
    const where = [{ field: "id", value: "twice" }]
    expect(await adapter.findOne({ model: "user", where })).toBeNull()
  })

  it("that begins too late for its caller does nothing", async () => {
    let begin = () => {}
    const late = adapterOn(async (work) => {
      await new Promise<void>((resolve) => {
        begin = resolve
      })
      return work({})
    })
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const work = vi.fn(async () => {})
    const outcome = expect(late.transaction(work)).rejects.toMatchObject({ code: "DEADLINE" })
    await vi.advanceTimersByTimeAsync(3_000)
    vi.useRealTimers()
    await outcome
    begin()
    await new Promise((resolve) => setImmediate(resolve))
    expect(work).not.toHaveBeenCalled()
  })

  it("does not make its caller wait for a rollback that hangs", async () => {
    const stuck = adapterOn(async (work) => {
      await work({}).catch(() => {})
      return new Promise<never>((_, reject) => hung.push(reject))
    })
    const error = new Error("refused")
    await expect(stuck.transaction(() => Promise.reject(error))).rejects.toBe(error)
  })

  it("keeps an error that is not the database's as it is", async () => {
    const { adapter } = await auth.$context
    const error = systemError("E_OTHER")
    const failing = adapter.transaction(async () => {
      throw error
    })
    await expect(failing).rejects.toBe(error)
  })
})

describe("watchForOutage", () => {
  it("tells of an outage that someone in between swallowed", async () => {
    const outcome = await watchForOutage(async () => {
      await guarded(() => Promise.reject(systemError("ECONNREFUSED"))).catch(() => {})
      return "401"
    })
    expect(outcome).toEqual({ unavailable: true })
  })

  it("tells of one that was thrown", async () => {
    const outcome = await watchForOutage(() => guarded(() => Promise.reject(systemError("57P01"))))
    expect(outcome).toEqual({ unavailable: true })
  })

  it("passes values and other errors on", async () => {
    expect(await watchForOutage(async () => 1)).toEqual({
      unavailable: false,
      badValue: false,
      refusedWrite: false,
      value: 1,
    })
    await expect(watchForOutage(() => Promise.reject(new Error("a bug")))).rejects.toThrow("a bug")
  })

  it("does not take one request's outage for another's", async () => {
    const [, other] = await Promise.all([
      watchForOutage(async () => noteOutage()),
      watchForOutage(async () => "fine"),
    ])
    expect(other).toEqual({
      unavailable: false,
      badValue: false,
      refusedWrite: false,
      value: "fine",
    })
  })
})
