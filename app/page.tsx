/**
 * The landing page, static. Together with `components/landing.tsx` it is the first thing to delete:
 * those two files are all there is of it.
 */
import { GeistMono } from "geist/font/mono"
import { Landing } from "@/components/landing"
import { SiteHeader } from "@/components/layout/site-header"
import { ThemeProvider } from "@/components/theme-provider"

export default function LandingPage() {
  return (
    <ThemeProvider>
      <SiteHeader />
      <main id="content" tabIndex={-1} className={`${GeistMono.variable} flex-1 outline-none`}>
        <Landing />
      </main>
    </ThemeProvider>
  )
}
