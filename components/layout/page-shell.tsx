/**
 * A page outside the app itself: theme, header, and its content in the middle. It reads the
 * request for the nonce its theme script needs, so nothing inside it can be static.
 */
import { headers } from "next/headers"
import type { ReactNode } from "react"
import { ThemeProvider } from "@/components/theme-provider"
import { nonceHeader } from "@/lib/routes"
import { HeaderBar } from "./header-bar"

export async function PageShell({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get(nonceHeader) ?? undefined
  return (
    <ThemeProvider nonce={nonce}>
      <HeaderBar />
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col px-4 outline-none sm:px-6">
        {children}
      </main>
    </ThemeProvider>
  )
}
