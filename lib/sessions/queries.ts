/** What pages read about sessions. Through Better Auth's endpoints, so that one check serves all. */
import "server-only"
import { APIError } from "better-auth/api"
import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { auth } from "@/lib/auth"
import { watchForOutage } from "@/lib/db/errors"
import { homePath, returnToHeader, signInUrl } from "@/lib/routes"
import type { SessionListItem } from "./view"

/**
 * The reader's live sessions, this one first; null while the database cannot answer. A reader whose
 * session was revoked since the page read it is sent to sign in.
 */
export async function listSessions(): Promise<SessionListItem[] | null> {
  const requestHeaders = await headers()
  const outcome = await watchForOutage(async () => {
    try {
      return await auth.api.listSessions({ headers: requestHeaders })
    } catch (error) {
      // Better Auth says 401 for an outage as well; only the watch can tell.
      if (error instanceof APIError && error.statusCode === 401) return "signed out"
      throw error
    }
  })
  if (outcome.unavailable) return null
  if (outcome.value !== "signed out") return outcome.value
  redirect(`${signInUrl(requestHeaders.get(returnToHeader) ?? homePath)}&reason=signed-out`)
}
