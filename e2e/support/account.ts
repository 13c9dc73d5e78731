/** Accounts for tests: each one new, none shared, none cleaned up after somebody else. */
import { randomBytes } from "node:crypto"
import type { APIRequestContext } from "@playwright/test"
import { post } from "./http"

export type Account = { name: string; email: string; password: string }

/** Someone who has not signed up yet. */
export function newAccount(): Account {
  const id = randomBytes(6).toString("hex")
  return { name: `Ana ${id}`, email: `ana-${id}@example.com`, password: `a few words ${id}` }
}

/** Signs up over HTTP and leaves `request` signed in. */
export async function signUp(request: APIRequestContext, account: Account): Promise<void> {
  const response = await post(request, "/sign-up/email", account)
  if (!response.ok()) throw new Error(`sign-up answered ${response.status()}`)
}

/** Signs in over HTTP; `request` (a page's, for instance) then has the session. */
export async function signIn(request: APIRequestContext, account: Account): Promise<void> {
  const { email, password } = account
  const response = await post(request, "/sign-in/email", { email, password })
  if (!response.ok()) throw new Error(`sign-in answered ${response.status()}`)
}
