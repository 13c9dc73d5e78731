/**
 * Leaves the page when the session ends elsewhere, or becomes another user's: what a signed-in tab
 * shows is private, and must not stand there a moment longer, nor come back through "back".
 */
"use client"

import { useEffect, useRef } from "react"
import { mutate } from "swr"
import { signInUrl } from "@/lib/routes"
import { isLeaving, refreshSession, SESSION_KEY, useSession } from "@/lib/use-session"

/** Takes everything private off the screen and out of memory; the page is about to be replaced. */
function forget() {
  document.documentElement.style.visibility = "hidden"
  void mutate((key) => key !== SESSION_KEY, undefined, { revalidate: false })
}

function leave() {
  const { pathname, search } = window.location
  forget()
  // A full navigation: nothing of the account stays in memory, or behind "back".
  window.location.assign(`${signInUrl(`${pathname}${search}`)}&reason=signed-out`)
}

export function SessionWatch() {
  const { data, isPending } = useSession()
  const userId = useRef(data?.user.id)

  useEffect(() => {
    if (isPending || isLeaving()) return
    userId.current ??= data?.user.id
    if (!data && userId.current) leave()
    if (data && data.user.id !== userId.current) {
      forget()
      window.location.reload()
    }
  }, [data, isPending])

  // The browser may bring a whole page back as it was left, whoever is signed in by now.
  useEffect(() => {
    async function wake(event: PageTransitionEvent) {
      if (!event.persisted) return
      const { style } = document.documentElement
      style.visibility = "hidden"
      const read = await refreshSession().catch(() => null)
      if (read && read.user.id === userId.current) style.visibility = ""
      else window.location.reload()
    }
    window.addEventListener("pageshow", wake)
    return () => window.removeEventListener("pageshow", wake)
  }, [])

  return null
}
