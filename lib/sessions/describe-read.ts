/** How the reader's session was read, for the dashboard's card: a demonstration, not a guard. */
import "server-only"
import { headers } from "next/headers"
import { auth } from "@/lib/auth"
import { requireSession } from "@/lib/session"
import { findCookie, readCachedSession } from "./cookies"

export type ReadDescription = {
  source: "cookie" | "database"
  microseconds: number
  cacheExpiresAt: Date | null
  sessionExpiresAt: Date
}

/** Microseconds that one more read takes. */
async function timeRead(requestHeaders: Headers): Promise<number> {
  const start = performance.now()
  await auth.api.getSession({ headers: requestHeaders })
  return Math.round((performance.now() - start) * 1000)
}

/** Reads the session once more and tells where the answer came from and how long it took. */
export async function describeRead(): Promise<ReadDescription> {
  const { session } = await requireSession()
  const requestHeaders = await headers()
  const first = await timeRead(requestHeaders)
  const { authCookies } = await auth.$context
  const cookie = findCookie(requestHeaders.get("cookie") ?? "", authCookies.sessionData.name)
  const cached = cookie ? readCachedSession(cookie) : null
  const isFresh = cached !== null && cached.expiresAt > Date.now()
  return {
    source: isFresh ? "cookie" : "database",
    // Other parts of the page are made meanwhile; the best of a few reads is the read itself.
    microseconds: isFresh ? Math.min(first, await timeRead(requestHeaders)) : first,
    cacheExpiresAt: isFresh ? new Date(cached.expiresAt) : null,
    sessionExpiresAt: session.expiresAt,
  }
}
