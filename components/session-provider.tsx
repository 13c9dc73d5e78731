/**
 * Hands the session that the server read to every `useSession` below it, so that nothing flashes and
 * the page makes no request for it. Its data reaches the browser: it takes `SessionData`, no more.
 */
"use client"

import type { ReactNode } from "react"
import { SWRConfig } from "swr"
import type { SessionData } from "@/lib/sessions/view"
import { RefreshContext, SESSION_KEY } from "@/lib/use-session"

export function SessionProvider({
  session,
  refreshSeconds,
  children,
}: {
  /** Undefined when the server could not tell: the browser then asks for itself. */
  session: SessionData | null | undefined
  /** How often a visible tab reads the session, so that its cached copy is renewed in time. */
  refreshSeconds: number
  children: ReactNode
}) {
  // Not SWR's `cacheData`: outside Suspense that is not in the first render.
  const fallback = session === undefined ? {} : { [SESSION_KEY]: session }
  return (
    <RefreshContext value={refreshSeconds}>
      <SWRConfig value={{ fallback }}>{children}</SWRConfig>
    </RefreshContext>
  )
}
