import { describe, expect, it } from "vitest"
import { days, exactTime, hours, minutes, relativeTime } from "./time"

const now = new Date("2026-11-23T07:35:12Z")
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)

describe("relativeTime", () => {
  it.each([
    [-5, "just now"],
    [5, "just now"],
    [-minutes(3), "3 minutes ago"],
    [-hours(2), "2 hours ago"],
    [-days(1), "1 day ago"],
    [-days(9), "1 week ago"],
    [days(2), "in 2 days"],
    [days(2) - 1, "in 2 days"],
    [-days(400), "1 year ago"],
  ])("reads %d seconds as %s", (seconds, text) => {
    expect(relativeTime(at(seconds), now)).toBe(text)
  })
})

describe("exactTime", () => {
  it("names the time zone", () => {
    expect(exactTime(now)).toBe("23 Nov 2026, 07:35:12 UTC")
  })
})

it("counts durations in seconds", () => {
  expect([minutes(5), hours(1), days(2)]).toEqual([300, 3600, 172_800])
})
