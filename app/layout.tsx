/**
 * The html shell of every page. It must read no header and no cookie, because the landing page
 * below it is static; the theme and the session are brought in by the layouts further down.
 */
import { GeistSans } from "geist/font/sans"
import type { Metadata, Viewport } from "next"
import type { ReactNode } from "react"
import { projectName } from "@/components/layout/project"
import "./globals.css"

export const metadata: Metadata = {
  title: { default: projectName, template: `%s · ${projectName}` },
  description: "A Next.js starter whose users see and end their own sessions.",
}

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#0c0c0c" },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme's class is set on <html> before React wakes up, hence the suppressed warning.
    <html lang="en" className={GeistSans.variable} suppressHydrationWarning>
      <body className="flex min-h-dvh flex-col font-sans">{children}</body>
    </html>
  )
}
