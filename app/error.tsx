"use client"
/**
 * Shown when a page could not be made, most often because the database cannot be reached. It must
 * never show what went wrong inside; that is in the server's log.
 */
import { MessagePage, messageActionClass } from "@/components/layout/message-page"
import { ThemeProvider } from "@/components/theme-provider"

export default function ErrorPage({ retry }: { error: unknown; retry: () => void }) {
  return (
    <ThemeProvider>
      <main className="flex flex-1 flex-col px-4">
        <MessagePage
          title="Temporarily unavailable"
          text="This page could not be loaded just now, and nothing was lost. Try again in a moment."
          action={
            <button type="button" onClick={() => retry()} className={messageActionClass}>
              Try again
            </button>
          }
        />
      </main>
    </ThemeProvider>
  )
}
