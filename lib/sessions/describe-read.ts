/** How the reader's session was read, for the dashboard's card: a demonstration, not a guard. */
import "server-only"
import { headers } from "next/headers"
import { auth } from "@/lib/auth"
import { requireSession } from "@/lib/session"
import { cachedReadOf } from "./cached-read"

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
  const cached = await cachedReadOf(await auth.$context)(requestHeaders.get("cookie"))
  return {
    source: cached ? "cookie" : "database",
    // Other parts of the page are made meanwhile; the best of a few reads is the read itself.
    microseconds: cached ? Math.min(first, await timeRead(requestHeaders)) : first,
    cacheExpiresAt: cached ? new Date(cached.lapsesAt) : null,
    sessionExpiresAt: session.expiresAt,
  }
}
