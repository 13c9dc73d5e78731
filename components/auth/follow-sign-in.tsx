"use client"
/**
 * Leaves the form behind when the visitor has signed in in another tab: what they came here for is
 * done. The form's own sign-in finds its way itself.
 */
import { useEffect, useRef } from "react"
import { SessionProvider } from "@/components/session-provider"
import { isLeaving, knownSession, useSession } from "@/lib/use-session"

/** `callbackUrl` has been through `safeRedirect` on the server. */
export function FollowSignIn({ callbackUrl }: { callbackUrl: string }) {
  return (
    // The page has just found that nobody is signed in.
    <SessionProvider session={null}>
      <Follow callbackUrl={callbackUrl} />
    </SessionProvider>
  )
}

function Follow({ callbackUrl }: { callbackUrl: string }) {
  const { data } = useSession()
  const hasArrived = useRef(false)

  useEffect(() => {
    if (hasArrived.current) {
      if (data && !isLeaving()) window.location.replace(callbackUrl)
      return
    }
    hasArrived.current = true
    // Led here from a page of the account, whose session the server no longer knows: what is left of
    // that in memory goes, and the form says why it is there.
    if (knownSession()) window.location.replace(signedOutUrl())
  }, [data, callbackUrl])

  return null
}

function signedOutUrl(): string {
  const url = new URL(window.location.href)
  url.searchParams.set("reason", "signed-out")
  return url.href
}
