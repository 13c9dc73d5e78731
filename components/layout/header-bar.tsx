/**
 * The bar on top of every page, with the way home on the left and the theme on the right. What is
 * put inside, such as the account menu, comes last; forms use it bare. Links are plain ones: leaving the landing page loads the next page anew, under
 * that page's own and stricter content security policy.
 */
import type { ReactNode } from "react"
import { Logo } from "./logo"
import { projectName } from "./project"
import { ThemeToggle } from "./theme-toggle"

export function HeaderBar({ children }: { children?: ReactNode }) {
  return (
    <header className="border-b">
      <a
        href="#content"
        className="sr-only z-10 rounded-md bg-primary px-4 py-2.5 font-medium text-primary-foreground focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <div className="mx-auto flex h-14 max-w-5xl items-center justify-between gap-2 px-4 sm:px-6">
        <a
          href="/"
          className="-ml-1 flex min-h-10 min-w-0 items-center gap-2 rounded-md px-1 font-semibold tracking-tight"
        >
          <Logo className="size-5 shrink-0" />
          <span className="truncate">{projectName}</span>
        </a>
        <div className="flex shrink-0 items-center gap-2">
          <ThemeToggle />
          {children}
        </div>
      </div>
    </header>
  )
}
