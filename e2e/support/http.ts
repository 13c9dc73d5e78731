/**
 * Requests as the app's own pages make them, without a page. Nothing here may read or write the
 * database: tests see what anyone sees.
 */
import { randomInt } from "node:crypto"
import type { APIRequestContext, APIResponse } from "@playwright/test"

/** Where the app is served, without a path. */
export const origin = new URL(process.env.E2E_URL ?? "").origin

/** A client address nobody else has, so that no test spends another's rate limit. */
export const newAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`

/** The header by which the server, which trusts this machine as a proxy, learns an address. */
export const cameFrom = (address: string) => ({ "X-Forwarded-For": address })

/** POSTs JSON to one of Better Auth's endpoints, such as `/sign-in/email`. */
export function post(
  request: APIRequestContext,
  path: string,
  data: object = {},
  headers: Record<string, string> = {},
): Promise<APIResponse> {
  return request.post(`/api/auth${path}`, { data, headers: { Origin: origin, ...headers } })
}

type Session = { id: string; current: boolean; name: string | null; signInMethod: string | null }
export type ListedSession = Session & { device: { label: string } }

/** The reader's device list. @throws when the answer is not 200 */
export async function listSessions(request: APIRequestContext): Promise<ListedSession[]> {
  const response = await request.get("/api/auth/list-sessions")
  if (!response.ok()) throw new Error(`list-sessions answered ${response.status()}`)
  return response.json()
}

/** An answer as one line, for tests that hold it against another. */
export async function summaryOf(response: APIResponse): Promise<string> {
  return `${response.status()} ${await response.text()}`
}
