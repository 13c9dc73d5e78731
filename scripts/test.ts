/**
 * What `npm test` runs: the unit and integration tests, then the end-to-end tests against a
 * production build on a server of their own. The last line is "N passed, N failed".
 *
 *   npm test                               everything, on the embedded database
 *   DATABASE_URL=postgres://... npm test   everything, on fresh databases of that server
 *   npm run test:unit -- lib/time          one half; the rest goes to vitest or Playwright
 *   npm run test:e2e -- sign-in --headed
 *
 * --db-only: only what depends on the database. --no-build: take the build that is there.
 * --label=NAME: put "NAME: " before the last line.
 */
import { once } from "node:events"
import { join } from "node:path"
import { appEnvironment, startApp, startNext, temporaryDirectory } from "./lib/app-server"
import { ensureBrowser } from "./lib/browser"
import { type Environment, run, runMain } from "./lib/process"
import {
  add,
  type Counts,
  closingLine,
  countPlaywright,
  crashed,
  readCounts,
} from "./lib/test-counts"
import { createTestDatabase } from "./lib/test-database"

const databaseTests = [
  "lib/db",
  "lib/session",
  "lib/auth",
  "lib/activity",
  "lib/admin/",
  "lib/cleanup",
  "lib/cron",
  "app/api",
]
/** About the embedded database's files: on another database they would only do the same again. */
const embeddedOnly = [
  "lib/db/lock*.test.ts",
  "lib/db/fenced-files.test.ts",
  "lib/db/migrations.test.ts",
]
/** The journeys that a database can change; the others are about what a browser shows of them. */
const databaseSpecs = [
  "activity",
  "admin",
  "admin-servers",
  "bad-input",
  "health",
  "limits",
  "outage",
  "password",
  "protected",
  "reset-password",
  "revocation",
  "sessions",
  "sign-in",
  "sign-out",
  "sign-up",
  "sliding",
  "startup",
  "tokens",
].map((name) => `e2e/${name}.spec.ts`)
const reports = temporaryDirectory("reports")

const ownFlags = ["--unit", "--e2e", "--db-only", "--no-build"]
const flags = new Set(process.argv.filter((argument) => ownFlags.includes(argument)))
const label = process.argv.find((argument) => argument.startsWith("--label="))?.slice(8)
const rest = process.argv
  .slice(2)
  .filter((argument) => !ownFlags.includes(argument) && !argument.startsWith("--label="))

async function database(): Promise<Environment> {
  const server = process.env.DATABASE_URL
  return server ? { DATABASE_URL: await createTestDatabase(server) } : {}
}

async function unitTests(): Promise<Counts> {
  const report = join(reports, "unit.json")
  const env = appEnvironment({
    ...(await database()),
    DATA_DIR: temporaryDirectory("unit"),
    UNIT_REPORT: report,
  })
  const code = await run(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--reporter=default",
      "--reporter=./scripts/lib/vitest-counts.ts",
      ...(flags.has("--db-only")
        ? [...databaseTests, ...embeddedOnly.map((files) => `--exclude=${files}`)]
        : rest),
    ],
    env,
  )
  return readCounts(report, (counts: Counts) => counts, code)
}

async function endToEndTests(): Promise<Counts> {
  const browser = await ensureBrowser()
  if (!flags.has("--no-build")) {
    const [code] = await once(startNext(["build"], appEnvironment({})), "exit")
    if (code !== 0) throw new Error("next build failed.")
  }
  const settings = await database()
  const app = await startApp(settings)
  const report = join(reports, "e2e.json")
  const env = appEnvironment({
    ...settings,
    CHROMIUM_PATH: browser,
    DATA_DIR: app.dataDir,
    E2E_URL: app.url,
    E2E_REPORT: report,
  })
  const code = await run(
    process.execPath,
    [
      "node_modules/@playwright/test/cli.js",
      "test",
      ...(flags.has("--db-only") ? databaseSpecs : rest),
    ],
    env,
  )
  await app.stop()
  return readCounts(report, countPlaywright, code)
}

/** Runs one half. Whatever stops it, stops only it, and counts as a failure. */
async function half(name: string, tests: () => Promise<Counts>): Promise<Counts> {
  const counts = await tests().catch((error: unknown) => {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`)
    return crashed
  })
  for (const test of counts.skipped) console.log(`skipped: ${test}`)
  console.log(`${name}: ${closingLine(counts)}\n`)
  return counts
}

await runMain(async () => {
  const results: Counts[] = []
  if (!flags.has("--e2e")) results.push(await half("unit tests", unitTests))
  if (!flags.has("--unit")) results.push(await half("end-to-end tests", endToEndTests))
  const total = add(...results)
  console.log(`${label ? `${label}: ` : ""}${closingLine(total)}`)
  return total.failed > 0 || total.passed === 0 ? 1 : 0
})
