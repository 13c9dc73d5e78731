/**
 * A PostgreSQL database for one test run, beside the one that `DATABASE_URL` names. The named
 * database itself is only connected to, never changed.
 */
import { randomBytes } from "node:crypto"
import postgres from "postgres"
import { appEnvironment } from "./app-server"
import { onFinish, runScript } from "./process"

async function execute(serverUrl: string, statement: string): Promise<void> {
  const sql = postgres(serverUrl, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Creates and migrates `test_<random>`, to be dropped when the script ends. Answers its URL. */
export async function createTestDatabase(serverUrl: string): Promise<string> {
  const name = `test_${randomBytes(6).toString("hex")}`
  await execute(serverUrl, `create database ${name}`)
  onFinish(() => execute(serverUrl, `drop database if exists ${name} with (force)`))

  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const code = await runScript("db:migrate", appEnvironment({ DATABASE_URL: url.href }))
  if (code !== 0) throw new Error(`npm run db:migrate failed on a fresh database (${code}).`)
  return url.href
}
