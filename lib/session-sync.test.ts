import { describe, expect, it } from "vitest"
import { backOff } from "./session-sync"

describe("backOff", () => {
  it("doubles from two seconds up to a minute", () => {
    const steps = [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => backOff(failures, 0, 1))
    expect(steps).toEqual([2, 4, 8, 16, 32, 60, 60, 60])
  })

  it("is somewhere between half a step and the whole of it, so that tabs do not ask in step", () => {
    expect(backOff(3, 0, 0)).toBe(4)
    expect(backOff(3, 0, 0.5)).toBe(6)
    const spread = new Set(Array.from({ length: 20 }, () => backOff(5)))
    expect(spread.size).toBeGreaterThan(15)
  })

  it("is never shorter than the server asked for, nor longer than a minute", () => {
    expect(backOff(1, 30, 0)).toBe(30)
    expect(backOff(1, 86_400, 0)).toBe(60)
  })
})
