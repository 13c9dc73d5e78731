"use client"
/**
 * Leaves the form behind when the visitor has signed in in another tab: what they came here for is
 * done. The form's own sign-in finds its way itself.
 */
import { useEffect } from "react"
import { SessionProvider } from "@/components/session-provider"
import { isLeaving, useSession } from "@/lib/use-session"

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
  useEffect(() => {
    if (data && !isLeaving()) window.location.replace(callbackUrl)
  }, [data, callbackUrl])
  return null
}
