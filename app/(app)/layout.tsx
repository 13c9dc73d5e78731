/**
 * The frame of every page behind sign-in. It reads the session only to show who is signed in: a
 * layout does not run again on navigation, so it must never be the guard. Each page is its own.
 */
import { headers } from "next/headers"
import { type ReactNode, Suspense } from "react"
import { ImpersonationBanner } from "@/components/admin/impersonation-banner"
import { SiteHeader, SiteHeaderSkeleton } from "@/components/layout/site-header"
import { SessionProvider } from "@/components/session-provider"
import { SessionWatch } from "@/components/session-watch"
import { ThemeProvider } from "@/components/theme-provider"
import { Toaster } from "@/components/ui/toaster"
import { env } from "@/lib/env"
import { nonceHeader } from "@/lib/routes"
import { handSession } from "@/lib/session"
import { minutes } from "@/lib/time"

/** Often enough to renew the cached copy before it lapses, and to notice an end within a minute. */
const sessionRefreshSeconds = Math.min(minutes(1), env.SESSION_CACHE_MAX_AGE / 5)

export default async function AppLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get(nonceHeader) ?? undefined
  // Without a database the header is left to ask again; the page below says what is the matter.
  const { session } = await handSession()
  const header = (
    <>
      <SessionWatch />
      <SiteHeader />
      <ImpersonationBanner />
    </>
  )
  return (
    <ThemeProvider nonce={nonce}>
      <SessionProvider session={session} refreshSeconds={sessionRefreshSeconds}>
        {session instanceof Promise ? (
          <Suspense fallback={<SiteHeaderSkeleton />}>{header}</Suspense>
        ) : (
          // Not in a boundary, which React may send after the rest, and show by a script.
          header
        )}
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto flex w-full max-w-5xl flex-1 flex-col px-4 pt-6 pb-16 outline-none sm:px-6 md:pt-10"
        >
          {children}
        </main>
        <Toaster />
      </SessionProvider>
    </ThemeProvider>
  )
}
