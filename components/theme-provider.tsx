"use client"
/**
 * Light, dark or the system's own, remembered in the browser and set on <html> before the first
 * paint. Pages under a nonce policy must hand their nonce in, or the script that does so is refused.
 */
import { ThemeProvider as NextThemesProvider } from "next-themes"
import type { ReactNode } from "react"

type Props = {
  nonce?: string | undefined
  /** Sets a remembered choice only once React runs: for pages that cannot know their nonce. */
  late?: boolean
  children: ReactNode
}

// As data, the script does nothing: no policy refuses it.
const inert = { type: "application/json" }

export function ThemeProvider({ nonce, late = false, children }: Props) {
  // In the server's HTML the script has done its work. Made anew in the browser, as on a soft
  // navigation between layouts, it would only make React warn of a script it does not run.
  const isInert = late || typeof window !== "undefined"
  return (
    <NextThemesProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      {...(nonce ? { nonce } : {})}
      {...(isInert ? { scriptProps: inert } : {})}
    >
      {children}
    </NextThemesProvider>
  )
}
