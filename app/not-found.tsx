/**
 * For pages that find nothing of what they were asked for. It must not read the request: it is part
 * of every page, and the landing page has to stay static. Unknown addresses: `[...missing]`.
 */
import type { Metadata } from "next"
import { MissingPage } from "@/components/layout/missing-page"
import { ThemeProvider } from "@/components/theme-provider"

export const metadata: Metadata = { title: "Page not found" }

export default function NotFound() {
  return (
    <ThemeProvider late>
      <main className="flex flex-1 flex-col px-4">
        <MissingPage />
      </main>
    </ThemeProvider>
  )
}
