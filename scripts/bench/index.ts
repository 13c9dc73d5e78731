/**
 * `npm run bench`: what the promises about speed are worth, measured in one run on a production build
 * and a real Postgres (`DATABASE_URL`, or one on this machine), and kept in `docs/performance.md`.
 *
 * --quick: a smaller run, within 90 seconds, that leaves the page alone. --json FILE: write the
 * figures there as well.
 */

import { execFileSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { parseArgs } from "node:util"
import { startApp } from "../lib/app-server"
import { runMain } from "../lib/process"
import { createTestDatabase } from "../lib/test-database"
import { buildAppCopy } from "./app-copy"
import { measureCachedReads } from "./cached-reads"
import type { Figure } from "./figure"
import { measureLapse } from "./lapse"
import { origin, textTable, writeJson, writePage } from "./report"
import { measureRevocation } from "./revocation"
import { addUsers, signIn, withSql } from "./sample"
import { full, quick } from "./scale"
import { measureSessionLists, prepareSessionLists } from "./session-lists"
import { measureThroughput } from "./throughput"
import { startWorker } from "./worker-process"

const { values: options } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean" } },
})
const scale = options.quick ? quick : full
const secret = randomBytes(32).toString("base64")

function postgresServer(): string {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL
  try {
    const find = ["--import", "tsx", "scripts/find-postgres.ts"]
    return execFileSync(process.execPath, find, { encoding: "utf8" }).trim()
  } catch {
    throw new Error("No Postgres was found on this machine: set DATABASE_URL to one.")
  }
}

/** Three production servers on one database, as behind a load balancer. */
async function startServers(cwd: string, url: string) {
  const shared = { DATABASE_URL: url, BETTER_AUTH_SECRET: secret }
  const first = await startApp(shared, { cwd })
  const others = { ...shared, BETTER_AUTH_URL: first.url }
  return [
    first,
    ...(await Promise.all([startApp(others, { cwd }), startApp(others, { cwd })])),
  ] as const
}

async function measure(): Promise<Figure[]> {
  const server = postgresServer()
  const [url, small, large] = await Promise.all([
    createTestDatabase(server),
    createTestDatabase(server),
    createTestDatabase(server),
  ])
  const [copy, sides] = await Promise.all([
    buildAppCopy(scale.withPages),
    prepareSessionLists(small, large, scale.tableRows, secret),
  ])
  const devices = await withSql(url, async (sql) => {
    await addUsers(sql, 1)
    return signIn(sql, 1 + Math.max(scale.revocations, scale.firstReads), secret)
  })
  const cookies = devices.slice(0, 1 + scale.firstReads).map(({ cookie }) => cookie)
  const [owner] = cookies
  if (!owner) throw new Error("Nobody is signed in.")

  const figures: Figure[] = []
  figures.push(...(await measureCachedReads(startWorker(url, secret), cookies, scale)))
  figures.push(...(await measureSessionLists(sides, scale)))
  const [first, second, third] = await startServers(copy, url)
  figures.push(...(await measureThroughput(first.url, owner, scale)))
  figures.push(...(await measureLapse(first.url, owner, scale)))
  const urls = [first.url, second.url, third.url]
  figures.push(...(await measureRevocation(urls, owner, devices.slice(1), scale)))
  return figures
}

await runMain(async () => {
  const figures = await measure()
  console.log(`\n${textTable(figures)}\n\n${origin()}`)
  if (options.json) writeJson(options.json, figures)
  if (!options.quick) writePage(figures)
  return 0
})
