/**
 * One way for the settings to ask the server: a lost connection is an answer like any other, and a
 * session that has ended leads to the sign-in page instead of to an error nobody can act on.
 */
import { authClient } from "@/lib/auth-client"
import type { RequestError } from "@/lib/errors"
import { signInUrl } from "@/lib/routes"
import { refreshSession } from "@/lib/use-session"

type Answer<Data> = { data: Data | null; error: RequestError | null }
/** A call on the client, for `ask`. */
export type AuthRequest<Data> = (client: typeof authClient) => Promise<Answer<Data>>

/** The answer of a call on `authClient`. Never throws, also not without a network. */
export async function ask<Data>(request: AuthRequest<Data>): Promise<Answer<Data>> {
  try {
    return await request(authClient)
  } catch {
    return { data: null, error: {} }
  }
}

/** When the answer was that the session has ended: goes to the sign-in page, and says true. */
export function leaveWhenSignedOut(error: RequestError | null): boolean {
  if (error?.status !== 401) return false
  const leave = () => {
    const { pathname, search } = window.location
    window.location.assign(`${signInUrl(`${pathname}${search}`)}&reason=signed-out`)
  }
  // Takes the dead cookies away, by whose cached copy the sign-in page would send us back, and tells
  // `SessionWatch`, here and in the other tabs. Whoever has signed in meanwhile sees their own page.
  refreshSession({ force: true }).then((session) => session && window.location.reload(), leave)
  return true
}
