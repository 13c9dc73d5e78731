/**
 * Better Auth's own client, in a file of its own because it is most of the weight: `lib/auth-client.ts`
 * loads it with the first call. Nothing else may import it.
 */
"use client"

import { createAuthClient } from "better-auth/client"
import { sessionFetchOptions } from "./session-fetch"
import { sessionsClient } from "./sessions/client"

export const client = createAuthClient({
  plugins: [sessionsClient()],
  fetchOptions: sessionFetchOptions,
})
