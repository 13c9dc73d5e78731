/**
 * What a developer may know about the session of a request: cookies by name, size and age, and how the
 * server reads them. Never a cookie's value. For `/dev/session`, which does not exist in production.
 */
import "server-only"
import { headers } from "next/headers"
import { auth } from "@/lib/auth"
import { watchForOutage } from "@/lib/db/errors"
import { cachedReadOf } from "./cached-read"
import { readCookies } from "./cookies"
import type { SessionData } from "./view"

export type CookieFacts = {
  name: string
  what: string
  /** Bytes of the value, or null when the browser did not send it. */
  bytes: number | null
  writtenAt: Date | null
  lapsesAt: Date | null
}

export type ReadFacts = {
  how: string
  microseconds: number
  session: SessionData | null
  /** False when the database was needed and could not be asked. */
  answered: boolean
}

async function timed(how: string, read: () => Promise<SessionData | null>): Promise<ReadFacts> {
  const start = performance.now()
  const outcome = await watchForOutage(read)
  const microseconds = Math.round((performance.now() - start) * 1000)
  return outcome.unavailable
    ? { how, microseconds, session: null, answered: false }
    : { how, microseconds, session: outcome.value, answered: true }
}

/** Reads the request's session in both ways, and describes its cookies. */
export async function inspectSession(): Promise<{ cookies: CookieFacts[]; reads: ReadFacts[] }> {
  const requestHeaders = await headers()
  const header = requestHeaders.get("cookie")
  const context = await auth.$context
  const { sessionToken, sessionData, dontRememberToken } = context.authCookies
  const plain = await timed("From the cookies, if they will do", () =>
    auth.api.getSession({ headers: requestHeaders }),
  )
  const live = await timed("From the database", () =>
    auth.api.getSession({
      headers: requestHeaders,
      query: { disableCookieCache: true, disableRefresh: true },
    }),
  )

  const cookies = readCookies(header)
  // Only what has been proved: the rest of a cookie is whatever its sender likes.
  const copy = await cachedReadOf(context)(header)
  const facts = (
    name: string,
    what: string,
    writtenAt: Date | null = null,
    lapsesAt: Date | null = null,
  ) => {
    const value = cookies.get(name)
    const bytes = value === undefined ? null : encodeURIComponent(value).length
    return { name, what, bytes, writtenAt, lapsesAt }
  }
  return {
    cookies: [
      facts(
        sessionToken.name,
        "The session itself: a signed token",
        live.session?.session.updatedAt ?? null,
        live.session?.session.expiresAt ?? null,
      ),
      facts(
        sessionData.name,
        "A signed copy of its row, so that most reads cost no query",
        copy ? new Date(copy.writtenAt) : null,
        copy ? new Date(copy.lapsesAt) : null,
      ),
      facts(dontRememberToken.name, "Says that “Remember me” was off"),
    ],
    reads: [plain, live],
  }
}
