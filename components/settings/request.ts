/**
 * One way for the settings to ask the server: a lost connection is an answer like any other, and a
 * session that has ended leads to the sign-in page instead of to an error nobody can act on.
 */
import type { RequestError } from "@/lib/errors"
import { signInUrl } from "@/lib/routes"
import { refreshSession } from "@/lib/use-session"

type Client = typeof import("@/lib/auth-client")["authClient"]
type Answer<Data> = { data: Data | null; error: RequestError | null }
/** A call on the client, for `ask`. */
export type AuthRequest<Data> = (client: Client) => Promise<Answer<Data>>

/**
 * The answer of a call on `authClient`, which is loaded by the first call: a page that is only read
 * does without it. Never throws, also not without a network.
 */
export async function ask<Data>(request: AuthRequest<Data>): Promise<Answer<Data>> {
  try {
    const { authClient } = await import("@/lib/auth-client")
    return await request(authClient)
  } catch {
    return { data: null, error: {} }
  }
}

/** When the answer was that the session has ended: goes to the sign-in page, and says true. */
export function leaveWhenSignedOut(error: RequestError | null): boolean {
  if (error?.status !== 401) return false
  const { pathname } = window.location
  const leave = () => window.location.assign(`${signInUrl(pathname)}&reason=signed-out`)
  // Takes the dead cookies away first: by their cached copy the sign-in page would send us back.
  refreshSession({ force: true }).then(leave, leave)
  return true
}
