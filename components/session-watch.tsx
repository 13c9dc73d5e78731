/**
 * Leaves the page when the session ends elsewhere: what a signed-in tab shows is private, and must
 * not stand there under a header that says "Sign in".
 */
"use client"

import { useEffect, useRef } from "react"
import { signInUrl } from "@/lib/routes"
import { isSigningOut, useSession } from "@/lib/use-session"

export function SessionWatch() {
  const { data, isPending } = useSession()
  const wasSignedIn = useRef(data !== null)

  useEffect(() => {
    if (data) wasSignedIn.current = true
    if (data || isPending || !wasSignedIn.current || isSigningOut()) return
    const { pathname, search } = window.location
    // A full navigation: nothing of the account stays in memory, or behind "back".
    window.location.assign(`${signInUrl(`${pathname}${search}`)}&reason=signed-out`)
  }, [data, isPending])

  return null
}
