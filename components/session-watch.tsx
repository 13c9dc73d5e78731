/**
 * Leaves the page when the session ends elsewhere, or becomes another user's: what a signed-in tab
 * shows is private, and must not stand there a moment longer, nor come back through "back".
 */
"use client"

import { useEffect, useLayoutEffect, useRef } from "react"
import { mutate } from "swr"
import { signInUrl } from "@/lib/routes"
import type { SessionData } from "@/lib/sessions/view"
import { isLeaving, readAgain, SESSION_KEY, useSession } from "@/lib/use-session"

/** Longest that whoever signed out here may take to leave the page, in milliseconds. */
const longestLeave = 5_000

const cover = () => document.documentElement.style.setProperty("visibility", "hidden")
const uncover = () => document.documentElement.style.removeProperty("visibility")

/** Takes everything private off the screen and out of memory, and has the page replaced. */
function leave(go: () => void) {
  cover()
  void mutate((key) => key !== SESSION_KEY, undefined, { revalidate: false })
  // A full navigation: nothing of the account stays in memory, or behind "back".
  go()
}

function goToSignIn() {
  const { pathname, search } = window.location
  window.location.assign(`${signInUrl(`${pathname}${search}`)}&reason=signed-out`)
}

/** Whose page this is, and with which rights: when that changes the page is another one. */
const ownerOf = (data: SessionData) =>
  [data.user.id, data.user.role, data.session.impersonatedBy].join()

export function SessionWatch() {
  const { data, isPending } = useSession()
  const owner = useRef(data && ownerOf(data))

  // Before the next paint: a header with another name must not stand over this user's page.
  useLayoutEffect(() => {
    if (isPending) return
    owner.current ??= data && ownerOf(data)
    if ((data && ownerOf(data)) === owner.current) return
    const go = data ? () => window.location.reload() : goToSignIn
    if (!isLeaving()) return leave(go)
    // Whoever signed out here knows where to go; nobody stays.
    const timer = setTimeout(() => leave(go), longestLeave)
    return () => clearTimeout(timer)
  }, [data, isPending])

  // The browser may bring a whole page back as it was left, whoever is signed in by now.
  useEffect(() => {
    async function wake({ persisted }: PageTransitionEvent) {
      if (!persisted) return
      cover()
      const read = await readAgain()
      if (read && ownerOf(read) === owner.current) uncover()
      else if (read === null) leave(goToSignIn)
      else window.location.reload()
    }
    window.addEventListener("pageshow", wake)
    return () => window.removeEventListener("pageshow", wake)
  }, [])

  return null
}
