/** Servers that a spec starts, stops and kills itself, from the build the other specs run against. */
import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect } from "@playwright/test"
import { appEnvironment, freePort } from "../../scripts/lib/app-server"

const dataDirs: string[] = []

/** A data directory that is gone when the tests are. */
export function newDataDir(): string {
  const directory = mkdtempSync(join(tmpdir(), "next-session-starter-e2e-"))
  dataDirs.push(directory)
  return directory
}

process.once("exit", () => {
  for (const directory of dataDirs) rmSync(directory, { recursive: true, force: true })
})

export class Server {
  output = ""
  private constructor(
    readonly url: string,
    readonly process: ChildProcess,
  ) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on("data", (chunk) => {
        this.output += chunk
      })
    }
  }

  /** Starts `next start` in `cwd`; a setting of undefined takes a variable away. */
  static async start(
    settings: Record<string, string | undefined>,
    cwd = process.cwd(),
  ): Promise<Server> {
    const port = await freePort()
    const url = `http://localhost:${port}`
    const env = appEnvironment({
      NODE_ENV: "production",
      BETTER_AUTH_URL: url,
      BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
      TRUSTED_PROXIES: "127.0.0.1,::1",
      ...settings,
    })
    const next = ["node_modules/next/dist/bin/next", "start", "--port", String(port)]
    return new Server(url, spawn(process.execPath, next, { cwd, env: env as NodeJS.ProcessEnv }))
  }

  /** The exit code, once the process has ended by itself. */
  async exit(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await once(this.process, "exit")
    }
    return this.process.exitCode
  }

  /** Ends the process the hard way, as a crash or the system would. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    this.process.kill("SIGKILL")
    await once(this.process, "exit")
  }

  /** Waits until the health check answers `status`. */
  async expectHealth(status: number): Promise<void> {
    const health = () =>
      fetch(`${this.url}/api/health`).then(
        (response) => response.status,
        () => `not listening: ${this.output}`,
      )
    await expect.poll(health, { timeout: 30_000 }).toBe(status)
  }
}
