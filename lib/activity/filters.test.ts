import { describe, expect, it } from "vitest"
import { activityFilters, activitySearch, readActivityQuery } from "./filters"
import { activityKinds, endingKinds } from "./view"

describe("the filters", () => {
  it("leave no kind out: each is in one part besides all of them", () => {
    const { all, ...parts } = activityFilters
    expect(all).toEqual(activityKinds)
    expect(new Set(Object.values(parts).flat())).toEqual(new Set(activityKinds))
  })

  it("have every way in which a session ends among the sign-outs", () => {
    expect(activityFilters["sign-outs"]).toEqual(endingKinds)
  })
})

describe("readActivityQuery", () => {
  it.each([
    [{}, { filter: "all" }],
    [{ show: "sign-ins" }, { filter: "sign-ins" }],
    [
      { show: "account", before: "120" },
      { filter: "account", before: 120 },
    ],
    [{ after: "7" }, { filter: "all", after: 7 }],
    [
      { before: "9", after: "7" },
      { filter: "all", before: 9 },
    ],
  ])("reads %j", (params, query) => {
    expect(readActivityQuery(params)).toEqual(query)
  })

  it.each([
    { show: "constructor" },
    { show: ["sign-ins", "account"] },
    { before: "-1" },
    { before: "1e3" },
    { before: "9".repeat(16) },
    { before: ["1", "2"] },
    { after: "1;drop table activity" },
    { after: "" },
  ])("leaves out what it does not know: %j", (params) => {
    expect(readActivityQuery(params)).toEqual({ filter: "all" })
  })

  it("reads what activitySearch writes", () => {
    for (const query of [
      { filter: "all" },
      { filter: "account" },
      { filter: "sign-outs", before: 12 },
      { filter: "all", after: 0 },
    ] as const) {
      const params = Object.fromEntries(new URLSearchParams(activitySearch(query)))
      expect(readActivityQuery(params)).toEqual(query)
    }
  })
})
