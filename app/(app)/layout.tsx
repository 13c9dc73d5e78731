/**
 * The frame of every page behind sign-in. It reads the session only to show who is signed in: a
 * layout does not run again on navigation, so it must never be the guard. Each page is its own.
 */
import { headers } from "next/headers"
import type { ReactNode } from "react"
import { ImpersonationBanner } from "@/components/admin/impersonation-banner"
import { SiteHeader } from "@/components/layout/site-header"
import { SessionProvider } from "@/components/session-provider"
import { SessionWatch } from "@/components/session-watch"
import { ThemeProvider } from "@/components/theme-provider"
import { Toaster } from "@/components/ui/toaster"
import { env } from "@/lib/env"
import { nonceHeader } from "@/lib/routes"
import { getSession } from "@/lib/session"

export default async function AppLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get(nonceHeader) ?? undefined
  // Without a database the header is left to ask again; the page below says what is the matter.
  const session = await getSession().catch(() => undefined)
  return (
    <ThemeProvider nonce={nonce}>
      <SessionProvider session={session} refreshSeconds={env.SESSION_CACHE_MAX_AGE / 5}>
        <SessionWatch />
        <SiteHeader />
        {session?.session.impersonatedBy && <ImpersonationBanner user={session.user} />}
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
