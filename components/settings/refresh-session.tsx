"use client"
/** Reads the session from the database now, instead of when its cookie cache lapses. */
import { useRouter } from "next/navigation"
import { useState } from "react"
import { Card, CardDescription, CardFooter, CardHeader, CardTitle } from "@/components/ui/card"
import { SubmitButton } from "@/components/ui/submit-button"
import { refreshSession } from "@/lib/use-session"

export function RefreshSession() {
  const router = useRouter()
  const [pending, setPending] = useState(false)
  const [result, setResult] = useState("")

  async function refresh() {
    setPending(true)
    setResult("")
    setResult(await readAgain())
    setPending(false)
  }

  /** Resolves to what to say about it. */
  async function readAgain(): Promise<string> {
    try {
      const session = await refreshSession({ force: true })
      // `SessionWatch` leads away from here.
      if (!session) return ""
      router.refresh()
      return `Refreshed at ${new Date().toLocaleTimeString()}.`
    } catch {
      return "Your session could not be read just now. Try again in a moment."
    }
  }

  return (
    <Card aria-labelledby="session">
      <CardHeader>
        <CardTitle id="session">Session</CardTitle>
        <CardDescription>
          Your name and picture travel with your session. What you change on another device shows
          here within a minute; to see it now, read the session again.
        </CardDescription>
      </CardHeader>
      <CardFooter>
        <p role="status" className="empty:absolute">
          {result}
        </p>
        <SubmitButton
          type="button"
          variant="outline"
          pending={pending}
          onClick={refresh}
          className="ml-auto max-sm:w-full"
        >
          Refresh session
        </SubmitButton>
      </CardFooter>
    </Card>
  )
}
