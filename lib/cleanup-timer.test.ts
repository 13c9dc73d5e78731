import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { CleanupCounts } from "./cleanup"
import { startCleanupTimer } from "./cleanup-timer"
import { DatabaseError } from "./db/errors"
import { hours, minutes } from "./time"

const nothing: CleanupCounts = {
  sessions: 0,
  verifications: 0,
  rateLimits: 0,
  invalidations: 0,
  activity: 0,
  shortened: 0,
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

it("the clean-up runs soon after the start, and then about once an hour", async () => {
  const run = vi.fn(async () => nothing)
  startCleanupTimer(run)
  await pass(30)
  expect(run).not.toHaveBeenCalled()
  await pass(minutes(1))
  expect(run).toHaveBeenCalledTimes(1)
  await pass(minutes(40))
  expect(run).toHaveBeenCalledTimes(1)
  await pass(hours(24))
  expect(run.mock.calls.length).toBeGreaterThanOrEqual(19)
  expect(run.mock.calls.length).toBeLessThanOrEqual(33)
})

it("it goes on after a failure, which is logged unless it is an outage", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {})
  const failures = [
    new DatabaseError("down", "ECONNREFUSED", true),
    new Error("a fault"),
    new DatabaseError("too slow", "57014", true),
  ]
  const run = vi.fn(async () => {
    const failure = failures.shift()
    if (failure) throw failure
    return nothing
  })
  startCleanupTimer(run)
  await pass(minutes(2))
  expect(run).toHaveBeenCalledTimes(1)
  expect(logged).not.toHaveBeenCalled()
  await pass(minutes(80))
  expect(logged).toHaveBeenCalledTimes(1)
  await pass(minutes(80))
  expect(logged).toHaveBeenCalledTimes(2)
  await pass(minutes(80))
  expect(run.mock.calls.length).toBeGreaterThanOrEqual(4)
  expect(logged).toHaveBeenCalledTimes(2)
})

it("it keeps no process alive", () => {
  const unref = vi.fn()
  vi.spyOn(globalThis, "setTimeout").mockReturnValue({ unref } as never)
  startCleanupTimer(async () => nothing)
  expect(unref).toHaveBeenCalledTimes(1)
})
