/**
 * Hands the session that the server read to every `useSession` below it, so that nothing flashes and
 * the page makes no request for it. Its data reaches the browser: it takes `SessionData`, no more.
 */
"use client"

import { type ReactNode, use, useEffect, useMemo } from "react"
import { SWRConfig } from "swr"
import type { SessionData } from "@/lib/sessions/view"
import { adoptSession, RefreshContext, SESSION_KEY } from "@/lib/use-session"

/** Undefined when the server could not tell: the browser then asks for itself. */
type Handed = SessionData | null | undefined

export function SessionProvider({
  session,
  refreshSeconds,
  children,
}: {
  /** A promise while it is being read: whatever shows it waits, in its own place, and nothing else. */
  session: Handed | Promise<Handed>
  /** How often a visible tab reads the session, so that its cached copy is renewed in time. */
  refreshSeconds?: number
  children: ReactNode
}) {
  // Not SWR's `cacheData`: outside Suspense that is not in the first render.
  const value = useMemo(
    () => ({ fallback: session === undefined ? {} : { [SESSION_KEY]: session } }),
    [session],
  )
  // Into the cache, so that it can be changed, and so that a page rendered anew brings its news.
  useEffect(() => {
    void Promise.resolve(session).then(adoptSession)
  }, [session])
  return (
    <RefreshContext value={refreshSeconds ?? use(RefreshContext)}>
      <SWRConfig value={value}>{children}</SWRConfig>
    </RefreshContext>
  )
}
