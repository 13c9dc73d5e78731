/**
 * A browser for tests without one: keeps cookies and calls the real handler of `/api/auth`. Every
 * browser has an address of its own, so that tests do not share rate limits.
 */
import { randomUUID } from "node:crypto"
import { parseSetCookieHeader } from "better-auth/cookies"
import { handleAuth } from "@/lib/auth/handler"
import { clientAddressHeader } from "@/lib/client-address"
import { env } from "@/lib/env"
import "./database"
import type { SessionListItem } from "@/lib/sessions/view"

export const macChrome =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
export const iphoneSafari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"

export const password = "correct horse battery"

let addresses = 0
const newAddress = () => {
  addresses += 1
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
}

export const newEmail = () => `${randomUUID().slice(0, 13)}@example.com`

export type Browser = ReturnType<typeof newBrowser>

export function newBrowser({ userAgent = macChrome, headers = {} as Record<string, string> } = {}) {
  const cookies = new Map<string, string>()
  const address = newAddress()

  /** Calls `/api/auth<path>`; a body makes it a POST of JSON. */
  async function call(path: string, init: RequestInit & { json?: unknown } = {}) {
    const { json, ...rest } = init
    const request = new Request(`${env.BETTER_AUTH_URL}/api/auth${path}`, {
      ...(json === undefined ? {} : { method: "POST", body: JSON.stringify(json) }),
      ...rest,
      headers: {
        origin: env.BETTER_AUTH_URL,
        "user-agent": userAgent,
        [clientAddressHeader]: address,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...(cookies.size > 0
          ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") }
          : {}),
        ...headers,
        ...(rest.headers as Record<string, string> | undefined),
      },
    })
    const response = await handleAuth(request)
    for (const header of response.headers.getSetCookie()) {
      for (const [name, { value, "max-age": maxAge }] of parseSetCookieHeader(header)) {
        if (maxAge === 0 || value === "") cookies.delete(name)
        else cookies.set(name, encodeURIComponent(decodeURIComponent(value)))
      }
    }
    return response
  }

  return {
    address,
    cookies,
    call,
    post: (path: string, json: unknown = {}) => call(path, { json }),
    signUp: (email: string, name = "Ana") =>
      call("/sign-up/email", { json: { name, email, password } }),
    signIn: (email: string, extra: object = {}) =>
      call("/sign-in/email", { json: { email, password, ...extra } }),
    session: async () => (await call("/get-session")).json(),
    list: async (): Promise<SessionListItem[]> => (await call("/list-sessions")).json(),
    /** The raw token of the session, as only the cookie has it. */
    token: () =>
      decodeURIComponent(cookies.get("better-auth.session_token") ?? "").split(".")[0] ?? "",
  }
}

/** A new user, signed in. */
export async function signedUp(options: Parameters<typeof newBrowser>[0] = {}) {
  const email = newEmail()
  const browser = newBrowser(options)
  const response = await browser.signUp(email)
  if (!response.ok) throw new Error(`The sign-up was refused: ${await response.text()}`)
  const { user, session } = await browser.session()
  return { browser, email, userId: user.id as string, sessionId: session.id as string }
}
