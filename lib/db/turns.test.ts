import fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { Turns } from "./turns"

describe("turns", () => {
  it("are never more than there are, whoever takes, gives and is refused, and all get theirs", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        async (most, refusals) => {
          const turns = new Turns(most)
          let underWay = 0
          const one = async (isRefused: boolean) => {
            const turn = await turns.take(5_000)
            underWay += 1
            expect(underWay).toBeLessThanOrEqual(most)
            await new Promise((resolve) => setImmediate(resolve))
            underWay -= 1
            if (!isRefused) return turns.give(turn)
            turns.refuse(turn)
            await one(false)
          }
          await Promise.all(refusals.map(one))
        },
      ),
    )
  })

  it("come first for what is urgent, and one is kept for it", async () => {
    const turns = new Turns(2)
    const taken = await Promise.all([turns.take(1_000), turns.take(1_000)])
    const kept = turns.take(1_000, true)
    expect(kept).toHaveProperty("since")
    const order: string[] = []
    const late = Promise.resolve(turns.take(1_000)).then(() => order.push("late"))
    const urgent = Promise.resolve(turns.take(1_000, true)).then(() => order.push("urgent"))
    turns.give(await kept)
    for (const turn of taken) turns.give(turn)
    await Promise.all([late, urgent])
    expect(order).toEqual(["urgent", "late"])
  })

  it("become as few as the server takes, and more again with time", async () => {
    let clock = 0
    vi.spyOn(performance, "now").mockImplementation(() => clock)
    const turns = new Turns(3)
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => turns.take(1)))
    if (!first || !second || !third) throw new Error("There were no three turns.")
    turns.refuse(third)
    turns.refuse(second)
    await expect(turns.take(1)).rejects.toMatchObject({ code: "BUSY", unavailable: true })
    clock += 1_000
    turns.give(first)
    await Promise.all([turns.take(1), turns.take(1)])
    await expect(turns.take(1)).rejects.toMatchObject({ code: "BUSY" })
  })

  it("are told to be busy in time, and what waited is then not begun", async () => {
    const turns = new Turns(1)
    const held = await turns.take(1)
    await expect(turns.take(1)).rejects.toMatchObject({ code: "BUSY" })
    turns.give(held)
    await turns.take(1)
  })

  it("that nobody gives back are taken back", async () => {
    let clock = 0
    vi.spyOn(performance, "now").mockImplementation(() => clock)
    const turns = new Turns(1)
    await turns.take(1)
    clock += 60_000
    await turns.take(1)
  })
})
