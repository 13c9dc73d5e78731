"use client"
/** What `useUserSession` says in this very tab, and ways to make it ask. */
import { useRouter } from "next/navigation"
import { useState } from "react"
import { Button } from "@/components/ui/button"
import { useUserSession } from "@/lib/auth-client"
import { Countdown } from "./countdown"
import { FactsCard } from "./facts"

export function HookFacts({ serverNow }: { serverNow: number }) {
  const { user, session, loggedIn, ready, error, fetchSession } = useUserSession()
  const router = useRouter()
  const [outcome, setOutcome] = useState("")

  async function read(force: boolean) {
    const start = performance.now()
    const answer = await fetchSession({ force }).then(
      (data) => (data ? `signed in as ${data.user.name}` : "signed out"),
      (failure: unknown) => (failure instanceof Error ? failure.message : "failed"),
    )
    // The cookies and the server's cards show what the read has changed.
    router.refresh()
    setOutcome(`${answer}, after ${Math.round(performance.now() - start)} ms`)
  }

  return (
    <FactsCard
      id="hook"
      title="The hook"
      description="useUserSession() in this tab. Sign out in another one and watch."
      facts={{
        ready: String(ready),
        loggedIn: String(loggedIn),
        "user.name": user?.name ?? "null",
        "session.id": session?.id ?? "null",
        "session.expiresAt": session ? (
          <Countdown date={session.expiresAt} serverNow={serverNow} />
        ) : (
          "null"
        ),
        error: error?.message ?? "null",
      }}
    >
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <Button variant="outline" size="sm" onClick={() => read(false)}>
          fetchSession()
        </Button>
        <Button variant="outline" size="sm" onClick={() => read(true)}>
          fetchSession({"{ force: true }"})
        </Button>
        <p role="status" className="text-muted-foreground">
          {outcome}
        </p>
      </div>
    </FactsCard>
  )
}
