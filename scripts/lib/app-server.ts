/**
 * This app on a production server of its own: a free port, a throw-away data directory, and nothing
 * taken from the developer's shell or `.env`. Needs `next build` to have run.
 */
import { randomBytes } from "node:crypto"
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type Environment, onFinish, start, stop } from "./process"

const startDeadline = 60_000
const nextCli = "node_modules/next/dist/bin/next"

/** A directory that is gone when the script ends. */
export function temporaryDirectory(purpose: string): string {
  const directory = mkdtempSync(join(tmpdir(), `next-session-starter-${purpose}-`))
  onFinish(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/**
 * The environment of a child process: the shell's, with every variable that `.env.example` names
 * emptied (an empty variable counts as not set and keeps Next from reading it out of `.env`).
 */
export function appEnvironment(settings: Environment): Environment {
  const names = readFileSync(".env.example", "utf8").matchAll(/^# ?([A-Z][A-Z0-9_]+)=/gm)
  const empty = Object.fromEntries([...names].map(([, name]) => [name, ""]))
  const fixed = { NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: "1" }
  return { ...process.env, ...fixed, ...empty, ...settings }
}

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === "string") throw new Error("No free port.")
  return address.port
}

export type AppServer = { url: string; port: number; dataDir: string; stop: () => Promise<void> }

/** Runs `next`, the one this project installed, with its output in `logFile` when one is given. */
export function startNext(args: string[], env: Environment, cwd = ".", logFile?: string) {
  const log = logFile ? openSync(logFile, "a") : undefined
  const next = start(process.execPath, [join(process.cwd(), nextCli), ...args], {
    cwd,
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", log ?? "inherit", log ?? "inherit"],
  })
  if (log !== undefined) closeSync(log)
  return next
}

/**
 * Starts the built app in `cwd` and waits until `readyPath` answers.
 * @throws with the end of the server's log when it does not
 */
export async function startApp(
  settings: Environment = {},
  { cwd = ".", readyPath = "/api/health" } = {},
): Promise<AppServer> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const dataDir = temporaryDirectory("data")
  const logFile = join(temporaryDirectory("log"), "server.log")
  const env = appEnvironment({
    NODE_ENV: "production",
    BETTER_AUTH_URL: url,
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
    DATA_DIR: dataDir,
    // Each test comes from an address of its own, so that no test spends another's rate limit.
    TRUSTED_PROXIES: "127.0.0.1,::1",
    PORT: String(port),
    ...settings,
  })
  const server = startNext(["start", "--port", String(port)], env, cwd, logFile)

  const deadline = Date.now() + startDeadline
  while (!(await answers(`${url}${readyPath}`))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop(server)
      const tail = readFileSync(logFile, "utf8").split("\n").slice(-40).join("\n")
      throw new Error(`The server did not start. The end of its log:\n${tail}`)
    }
    await sleep(200)
  }
  return { url, port, dataDir, stop: () => stop(server) }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(3000) })).ok
  } catch {
    return false
  }
}
