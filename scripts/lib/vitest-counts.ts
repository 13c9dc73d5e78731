/**
 * A vitest reporter that writes the counts of a run, with the reason of each skipped test (which
 * vitest's own JSON report leaves out), to the file that `UNIT_REPORT` names.
 */
import { writeFileSync } from "node:fs"
import type { Reporter, TestModule } from "vitest/node"
import type { Counts } from "./test-counts"

/** A file that could not be loaded, and an error outside any test, is a failure of its own. */
function countModules(modules: readonly TestModule[], strayErrors: number): Counts {
  const counts: Counts = { passed: 0, failed: strayErrors, skipped: [] }
  for (const module of modules) {
    counts.failed += module.errors().length
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === "passed") counts.passed++
      else if (result.state === "failed") counts.failed++
      else {
        const reason = result.state === "skipped" ? result.note : "it never ran"
        counts.skipped.push(`${test.fullName} (${reason ?? "no reason given"})`)
      }
    }
  }
  return counts
}

export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const file = process.env.UNIT_REPORT
    if (file) writeFileSync(file, JSON.stringify(countModules(modules, errors.length)))
  }
}
