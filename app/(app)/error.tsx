"use client"
/**
 * Shown below the header when a page could not be made, most often because the database cannot be
 * reached. It must never show what went wrong inside; that is in the server's log.
 */
import { MessagePage } from "@/components/layout/message-page"
import { Button } from "@/components/ui/button"

export default function AppError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <MessagePage
      title="Temporarily unavailable"
      text="This page could not be loaded just now. You are still signed in, and nothing was lost. Try again in a moment."
      action={<Button onClick={() => retry()}>Try again</Button>}
    />
  )
}
