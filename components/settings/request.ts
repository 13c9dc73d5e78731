/**
 * One way for the settings to ask the server: a lost connection is an answer like any other, and a
 * session that has ended leads to the sign-in page instead of to an error nobody can act on.
 */
import type { RequestError } from "@/lib/errors"
import { signInUrl } from "@/lib/routes"
import { refreshSession } from "@/lib/use-session"

export type Answer<Data> = { data: Data | null; error: RequestError | null }

/** The answer of a call on `authClient`; never throws, also not without a network. */
export async function ask<Data>(request: () => Promise<Answer<Data>>): Promise<Answer<Data>> {
  try {
    return await request()
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
