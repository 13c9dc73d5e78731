/**
 * Better Auth in the browser: `authClient`, and the hooks on SWR (`lib/use-session.ts`), which are the
 * only store of the session. Every call that changes the session resolves once the hooks know.
 */
"use client"

import { createAuthClient } from "better-auth/client"
import { mutate } from "swr"
import { sessionsClient } from "./sessions/client"
import { refreshSession, SESSION_KEY, useSession, whileSigningOut } from "./use-session"

export const authClient = createAuthClient({
  plugins: [sessionsClient()],
  fetchOptions: {
    // Runs before the call resolves, so a navigation right after it finds the new state.
    onSuccess: async ({ request, response }) => {
      const { pathname } = new URL(response.url || request.url, window.location.origin)
      if (!changesSession.has(pathname.replace(/^\/api\/auth/, ""))) return
      // The call itself has succeeded; a failed read shows as the hooks' own error.
      await refreshSession().catch(() => mutate(SESSION_KEY))
    },
  },
})

/** Endpoints after which the reader may be someone else, or look different. */
const changesSession = new Set([
  "/sign-in/email",
  "/sign-up/email",
  "/sign-out",
  "/update-user",
  "/change-password",
  "/revoke-session",
  "/revoke-sessions",
])

export const { signIn, signUp, listSessions, revokeSession, revokeOtherSessions } = authClient

/** Ends this browser's session. */
export const signOut: typeof authClient.signOut = (...call) =>
  whileSigningOut(() => authClient.signOut(...call))

export { useSession }

/** `useSession` with the calls beside it, for components that do both. */
export function useUserSession() {
  const { data, isPending } = useSession()
  return {
    user: data?.user ?? null,
    session: data?.session ?? null,
    loggedIn: data !== null,
    /** Whether it is known who is signed in. */
    ready: !isPending,
    signIn,
    signUp,
    signOut,
    /** Reads the session again; `force` asks the database. */
    fetchSession: refreshSession,
  }
}
