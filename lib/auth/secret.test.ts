import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readdirSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"

/** The secret that a new process would sign with. */
async function secretOfProcess(dataDir: string): Promise<string> {
  const script = `import { authSecret } from "./lib/auth/secret.ts"; console.log(authSecret())`
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script],
    {
      env: { ...process.env, DATA_DIR: dataDir, BETTER_AUTH_SECRET: "" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  )
  const [secret] = await once(child.stdout, "data")
  return String(secret).trim()
}

it("is made once, kept, and the same for processes that start at once", async () => {
  const dataDir = join(mkdtempSync(join(tmpdir(), "secret-")), "new")
  const secrets = await Promise.all(Array.from({ length: 4 }, () => secretOfProcess(dataDir)))
  expect(new Set(secrets).size).toBe(1)
  expect(secrets[0]).toHaveLength(44)
  expect(await secretOfProcess(dataDir)).toBe(secrets[0])
  expect(readdirSync(dataDir)).toEqual(["secret"])
  expect(statSync(join(dataDir, "secret")).mode & 0o077).toBe(0)
}, 60_000)
