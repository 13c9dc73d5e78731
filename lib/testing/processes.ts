/**
 * Processes of their own for tests, in this pid namespace or, as in another container, in one of their
 * own. Each says what happens to it line by line. `killAll` must run after each test.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"

const unshare = ["--pid", "--fork", "--kill-child", "--mount-proc"]

/** Why no process can be isolated here, or null. */
export function whyNotIsolated(): string | null {
  const { error, status, stderr } = spawnSync("unshare", [...unshare, "true"], { encoding: "utf8" })
  if (error) return `unshare cannot be run: ${error.message}`
  return status === 0 ? null : `unshare is refused: ${stderr.trim()}`
}

const started = new Set<ChildProcess>()

/** Ends every process of the test, also one that was stopped. */
export function killAll(): void {
  for (const child of started) child.kill("SIGKILL")
  started.clear()
}

export class Script {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #isIsolated: boolean
  readonly #exit: Promise<unknown[]>
  #heard = () => {}

  /** Runs `code`, a TypeScript module in the project's folder. */
  constructor(code: string, { isolated = false } = {}) {
    const command = [process.execPath, "--import", "tsx", "--input-type=module", "--eval", code]
    const [program = "", ...args] = isolated ? ["unshare", ...unshare, ...command] : command
    this.#isIsolated = isolated
    this.#child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] })
    started.add(this.#child)
    this.#exit = once(this.#child, "close")
    for (const input of [this.#child.stdout, this.#child.stderr]) {
      if (!input) continue
      createInterface({ input }).on("line", (line) => {
        if (line.trim()) this.lines.push(line)
        this.#heard()
      })
    }
  }

  /** The process itself, by its number in our namespace. */
  get pid(): number {
    const pid = this.#child.pid as number
    if (!this.#isIsolated) return pid
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim())
  }

  /** Waits until a line matches; answers it. @throws when the process ends before */
  async says(pattern: RegExp): Promise<string> {
    let ended = false
    void this.#exit.then(() => {
      ended = true
      this.#heard()
    })
    for (;;) {
      const line = this.lines.find((one) => pattern.test(one))
      if (line !== undefined) return line
      if (ended) throw new Error(`It ended without ${pattern}:\n${this.lines.join("\n")}`)
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    }
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name)
  }

  /** The exit code, once it has ended. */
  async ended(): Promise<unknown> {
    return (await this.#exit)[0]
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL")
    await this.#exit
  }
}
