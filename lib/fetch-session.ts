/** One request for the session, as the browser makes it. Decides nothing, keeps nothing. */
import { SessionReadError } from "./session-sync"
import type { SessionData } from "./sessions/view"

const endpoint = "/api/auth/get-session"

/** Longest that a read may take, in milliseconds: a change of the session waits for it. */
const deadline = 10_000

type Wire<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] }
type WireSession = { session: Wire<SessionData["session"]>; user: Wire<SessionData["user"]> }

/** JSON has no dates. */
function reviveSession({ session, user }: WireSession): SessionData {
  return {
    session: {
      ...session,
      expiresAt: new Date(session.expiresAt),
      createdAt: new Date(session.createdAt),
      updatedAt: new Date(session.updatedAt),
    },
    user: { ...user, createdAt: new Date(user.createdAt), updatedAt: new Date(user.updatedAt) },
  }
}

/**
 * The session of this browser, or null when nobody is signed in.
 * @param force asks the database instead of the cookie cache
 * @throws SessionReadError when the server cannot tell, and what `fetch` throws
 */
export async function fetchSession(force: boolean): Promise<SessionData | null> {
  const response = await fetch(force ? `${endpoint}?disableCookieCache=true` : endpoint, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(deadline),
  })
  if (response.status === 401) return null
  if (!response.ok) {
    const retryAfter = Number(response.headers.get("retry-after")) || 0
    throw new SessionReadError(`The session could not be read (${response.status}).`, retryAfter)
  }
  const data: WireSession | null = await response.json()
  return data && reviveSession(data)
}
