/**
 * A server of its own with administrators. The embedded database is its server's alone, so that the
 * `admin` command has to run while there is none, as its message tells everybody.
 */
import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { type APIRequestContext, expect } from "@playwright/test"
import { appEnvironment } from "../../scripts/lib/app-server"
import { type Account, newAccount } from "./account"
import { newAddress } from "./http"
import { newDataDir, Server } from "./server"

export const databaseUrl = process.env.DATABASE_URL

export type Settings = Record<string, string>

/** Runs `npm run admin -- ...`. Answers its exit code and what it said, less the lines for the log. */
export function runAdmin(settings: Settings, ...args: string[]) {
  const script = ["node_modules/tsx/dist/cli.mjs", "scripts/admin.ts", ...args]
  const env = appEnvironment(settings) as NodeJS.ProcessEnv
  return new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, script, { env }, (error, stdout, stderr) =>
      resolve({
        code: Number(error?.code ?? 0),
        output: `${stdout}${stderr}`.replace(/^\{"event":.*\n/gm, "").trim(),
      }),
    )
  })
}

/** POSTs to one of the endpoints of a server that is not the one all specs share. */
export const postTo = (url: string, request: APIRequestContext, path: string, data: object = {}) =>
  request.post(`${url}/api/auth${path}`, {
    data,
    headers: { Origin: url, "X-Forwarded-For": newAddress() },
  })

/** Signs up over HTTP, without keeping the session. Answers the user's id. */
export async function signUpAt(url: string, account: Account): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    body: JSON.stringify(account),
    headers: {
      origin: url,
      "content-type": "application/json",
      "x-forwarded-for": newAddress(),
    },
  })
  const { user } = (await response.json()) as { user: { id: string } }
  return user.id
}

export type AppWithAdmins = {
  server: Server
  settings: Settings
  admins: (Account & { id: string })[]
}

/** Starts a server on which the first `count` accounts are administrators. */
export async function startWithAdmins(count: number): Promise<AppWithAdmins> {
  const settings: Settings = {
    DATABASE_URL: databaseUrl ?? "",
    DATA_DIR: newDataDir(),
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
  }
  let server = await Server.start(settings)
  await server.expectHealth(200)
  const admins: AppWithAdmins["admins"] = []
  for (let at = 0; at < count; at++) {
    const account = newAccount()
    admins.push({ ...account, id: await signUpAt(server.url, account) })
  }
  if (!databaseUrl) await server.kill()
  for (const { email } of admins) {
    const { code, output } = await runAdmin(settings, email)
    expect(output).toBe(`${email} is an administrator now.`)
    expect(code).toBe(0)
  }
  if (!databaseUrl) {
    server = await Server.start(settings)
    await server.expectHealth(200)
  }
  return { server, settings, admins }
}
