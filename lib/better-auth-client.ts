/**
 * Better Auth's own client, in a file of its own because it is most of the weight: `lib/auth-client.ts`
 * loads it with the first call. Nothing else may import it.
 */
"use client"

import { createAuthClient } from "better-auth/client"
import { mutate } from "swr"
import { whileChanging } from "./session-lock"
import { sessionsClient } from "./sessions/client"
import { refreshSession, SESSION_KEY, tellDevicesChanged } from "./use-session"

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

/** Endpoints after which the list of devices is another one. */
const changesDevices = new Set([
  "/change-password",
  "/revoke-session",
  "/revoke-other-sessions",
  "/rename-session",
])

const pathOf = (url: string | URL) =>
  new URL(url, window.location.origin).pathname.replace(/^\/api\/auth/, "")

const fetchInTurn: typeof fetch = (input, init) => {
  const url = input instanceof Request ? input.url : input
  const send = () => fetch(input, init)
  return changesSession.has(pathOf(url)) ? whileChanging(send) : send()
}

export const client = createAuthClient({
  plugins: [sessionsClient()],
  fetchOptions: {
    customFetchImpl: fetchInTurn,
    // Runs before the call resolves, so a navigation right after it finds the new state.
    onSuccess: async ({ request, response }) => {
      const path = pathOf(response.url || request.url)
      if (changesDevices.has(path)) tellDevicesChanged()
      if (!changesSession.has(path)) return
      // The call itself has succeeded; a failed read shows as the hooks' own error.
      await refreshSession().catch(() => mutate(SESSION_KEY))
    },
  },
})
