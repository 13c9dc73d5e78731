import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { type Counts, closingLine, countPlaywright, readCounts } from "./test-counts"

const report = (counts: Partial<Counts>) => {
  const file = join(mkdtempSync(join(tmpdir(), "counts-")), "report.json")
  writeFileSync(file, JSON.stringify({ passed: 0, failed: 0, skipped: [], ...counts }))
  return file
}
const asIs = (counts: Counts) => counts

describe("closingLine", () => {
  it("names skipped tests only when there are some", () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: [] })).toBe("3 passed, 0 failed")
    expect(closingLine({ passed: 3, failed: 1, skipped: ["a"] })).toBe(
      "3 passed, 1 failed, 1 skipped",
    )
  })
})

describe("readCounts", () => {
  it("takes the counts of a run that ended well", () => {
    expect(readCounts(report({ passed: 2 }), asIs, 0)).toMatchObject({ passed: 2, failed: 0 })
  })

  it("counts a runner that left no report as a failure", () => {
    expect(readCounts("/nowhere/report.json", asIs, 0).failed).toBe(1)
  })

  it("counts a run of no tests as a failure", () => {
    expect(readCounts(report({}), asIs, 0).failed).toBe(1)
  })

  it("counts a bad exit code as a failure, once", () => {
    expect(readCounts(report({ passed: 2 }), asIs, 1).failed).toBe(1)
    expect(readCounts(report({ passed: 2, failed: 3 }), asIs, 1).failed).toBe(3)
  })
})

describe("countPlaywright", () => {
  const test = (status: string, description?: string) => ({
    status,
    annotations: description ? [{ type: "skip", description }] : [],
  })

  it("counts nested suites, flaky tests as failed, and keeps the reason of a skip", () => {
    const counts = countPlaywright({
      errors: [],
      suites: [
        {
          specs: [{ title: "a", tests: [test("expected")] }],
          suites: [
            {
              specs: [
                { title: "b", tests: [test("unexpected")] },
                { title: "c", tests: [test("flaky")] },
                { title: "d", tests: [test("skipped", "needs https")] },
              ],
            },
          ],
        },
      ],
    })
    expect(counts).toEqual({ passed: 1, failed: 2, skipped: ["d (needs https)"] })
  })

  it("counts an error outside any test as a failure", () => {
    expect(countPlaywright({ errors: [{}], suites: [] }).failed).toBe(1)
  })
})
