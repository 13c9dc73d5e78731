/**
 * Child processes that never outlive the script that started them: each gets a process group of its
 * own, and every way out (end, error, Ctrl-C) stops them all and runs the clean-up tasks.
 */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { once } from "node:events"

export type Environment = Record<string, string | undefined>

const children = new Set<ChildProcess>()
const cleanups: (() => unknown)[] = []

/** Runs `task` when the script ends, however it ends. Later tasks run first. */
export function onFinish(task: () => unknown): void {
  cleanups.push(task)
}

/** Starts `command` in a group of its own. An argument list, never a shell line. */
export function start(command: string, args: string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    detached: process.platform !== "win32",
    ...options,
  })
  children.add(child)
  child.once("exit", () => children.delete(child))
  child.once("error", () => children.delete(child))
  return child
}

/** Runs `command` to its end and answers its exit code; 127 when it could not be started. */
export async function run(command: string, args: string[], env?: Environment): Promise<number> {
  const child = start(command, args, env ? { env: env as NodeJS.ProcessEnv } : {})
  try {
    const [code] = await once(child, "exit")
    return code ?? 1
  } catch {
    return 127
  }
}

/** Runs an npm script of this project, also where `npm` is a batch file. */
export function runScript(name: string, env: Environment): Promise<number> {
  const npm = process.env.npm_execpath
  return npm?.endsWith(".js")
    ? run(process.execPath, [npm, "run", "--silent", name], env)
    : run("npm", ["run", "--silent", name], env)
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid && process.platform !== "win32") process.kill(-child.pid, name)
    else child.kill(name)
  } catch {
    // It ended by itself in between.
  }
}

/** Asks a child to end, and makes it end after `patience` milliseconds. */
export async function stop(child: ChildProcess, patience = 5000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, "exit")
  signal(child, "SIGTERM")
  const timer = setTimeout(() => signal(child, "SIGKILL"), patience)
  await ended
  clearTimeout(timer)
}

let finishing: Promise<void> | undefined

/** Stops every child and runs the clean-up tasks, once, however many ways lead here. */
function finish(): Promise<void> {
  finishing ??= (async () => {
    await Promise.all([...children].map((child) => stop(child)))
    for (const task of cleanups.reverse()) {
      try {
        await task()
      } catch (error) {
        console.error(error)
      }
    }
  })()
  return finishing
}

/** Runs a script's `main`, exits with the code it answers, and leaves nothing behind. */
export async function runMain(main: () => Promise<number>): Promise<never> {
  let interrupted = false
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Ctrl-C arrives twice: from the terminal, and from the npm or tsx that runs this.
    process.on(name, () => {
      interrupted = true
      void finish().finally(() => process.exit(130))
    })
  }
  const code = await main().catch((error: unknown) => {
    if (!interrupted) console.error(error instanceof Error ? error.message : error)
    return 1
  })
  await finish()
  process.exit(interrupted ? 130 : code)
}
