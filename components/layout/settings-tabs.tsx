"use client"
/** The parts of the settings: a list at the left from 768 px up, a row that scrolls below that. */
import { clsx } from "clsx"
import Link from "next/link"
import { usePathname } from "next/navigation"

const tabs = [
  { href: "/settings/profile", name: "Profile" },
  { href: "/settings/security", name: "Security" },
]

export function SettingsTabs() {
  const pathname = usePathname()
  return (
    <nav
      aria-label="Settings"
      className="-mx-4 flex gap-1 overflow-x-auto border-b px-4 md:mx-0 md:flex-col md:overflow-visible md:border-0 md:px-0"
    >
      {tabs.map(({ href, name }) => {
        const current = pathname === href || pathname.startsWith(`${href}/`)
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className={clsx(
              "flex h-11 shrink-0 items-center border-b-2 px-3 transition-colors focus-visible:-outline-offset-2 md:h-9 md:rounded-md md:border-0",
              current
                ? "border-foreground font-medium text-foreground md:bg-accent"
                : "border-transparent text-muted-foreground hover:text-foreground md:hover:bg-accent",
            )}
          >
            {name}
          </Link>
        )
      })}
    </nav>
  )
}
