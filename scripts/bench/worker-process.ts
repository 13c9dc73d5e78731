/** Starts `worker.ts` and hands tasks to it. */
import { once } from "node:events"
import { appEnvironment, temporaryDirectory } from "../lib/app-server"
import { start } from "../lib/process"
import type { Tasks } from "./worker"

export type Worker = {
  run: <T extends keyof Tasks>(task: T, ...input: Parameters<Tasks[T]>) => ReturnType<Tasks[T]>
}

/** A process on the database at `url`, which ends with the script. */
export function startWorker(url: string, secret: string): Worker {
  const child = start(process.execPath, ["--import", "tsx", "scripts/bench/worker.ts"], {
    env: appEnvironment({
      NODE_ENV: "production",
      DATABASE_URL: url,
      DATA_DIR: temporaryDirectory("worker"),
      BETTER_AUTH_URL: "http://localhost:3000",
      BETTER_AUTH_SECRET: secret,
    }) as NodeJS.ProcessEnv,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  })
  const gone = once(child, "exit").then(() => {
    throw new Error("A worker ended by itself.")
  })
  gone.catch(() => {})

  async function run(task: string, ...input: unknown[]): Promise<unknown> {
    const answered = once(child, "message")
    child.send({ task, input })
    const [answer] = await Promise.race([answered, gone])
    if ("error" in answer) throw new Error(`${task}: ${answer.error}`)
    return answer.result
  }
  return { run: run as Worker["run"] }
}
