/** What pages read about sessions. Through Better Auth's endpoints, so that one check serves all. */
import "server-only"
import { headers } from "next/headers"
import { auth } from "@/lib/auth"
import type { SessionListItem } from "./view"

/**
 * The reader's live sessions, this one first.
 * @throws APIError 401 when the session has been revoked since the page read it
 */
export async function listSessions(): Promise<SessionListItem[]> {
  return auth.api.listSessions({ headers: await headers() })
}
