/**
 * What the test runners' reports say, as counts. A runner that crashed or ran nothing counts as a
 * failure: nothing here may make a broken run read as success.
 */
import { existsSync, readFileSync } from "node:fs"

export type Counts = { passed: number; failed: number; skipped: string[] }

export const crashed: Counts = { passed: 0, failed: 1, skipped: [] }

export function add(...all: Counts[]): Counts {
  return {
    passed: all.reduce((sum, counts) => sum + counts.passed, 0),
    failed: all.reduce((sum, counts) => sum + counts.failed, 0),
    skipped: all.flatMap((counts) => counts.skipped),
  }
}

/** "12 passed, 0 failed", and how many were skipped if any was. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  const note = skipped.length > 0 ? `, ${skipped.length} skipped` : ""
  return `${passed} passed, ${failed} failed${note}`
}

type PlaywrightTest = {
  status: string
  annotations: { type: string; description?: string }[]
}
type PlaywrightSuite = {
  suites?: PlaywrightSuite[]
  specs?: { title: string; tests: PlaywrightTest[] }[]
}
/** The part of Playwright's JSON report that is counted. */
export type PlaywrightReport = { suites: PlaywrightSuite[]; errors: unknown[] }

/** A flaky test counts as failed: there are no retries here, and none may hide one. */
export function countPlaywright(report: PlaywrightReport): Counts {
  const counts: Counts = { passed: 0, failed: report.errors.length, skipped: [] }
  const visit = (suite: PlaywrightSuite) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === "expected") counts.passed++
        else if (test.status !== "skipped") counts.failed++
        else {
          const skip = test.annotations.find(({ type }) => type === "skip" || type === "fixme")
          counts.skipped.push(`${spec.title} (${skip?.description ?? "no reason given"})`)
        }
      }
    }
    suite.suites?.forEach(visit)
  }
  report.suites.forEach(visit)
  return counts
}

/** The counts in a runner's report, where a bad exit code or an empty run is a failure as well. */
export function readCounts<Report>(
  reportFile: string,
  count: (report: Report) => Counts,
  exitCode: number,
): Counts {
  if (!existsSync(reportFile)) return crashed
  const counts = count(JSON.parse(readFileSync(reportFile, "utf8")))
  const failedSilently = exitCode !== 0 && counts.failed === 0
  const ranNothing = counts.passed + counts.failed === 0
  return failedSilently || ranNothing ? add(counts, crashed) : counts
}
