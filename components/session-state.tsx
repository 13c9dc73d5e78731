/**
 * One of three things, by who is signed in: `children` with the session, `signedOut`, or `loading`
 * until that is known. Not being able to tell is not the same as signed out.
 */
"use client"

import type { ReactNode } from "react"
import type { SessionData } from "@/lib/sessions/view"
import { useSession } from "@/lib/use-session"

export type SessionStateProps = {
  /** Give it the size of what follows, and nothing moves. */
  loading?: ReactNode
  signedOut?: ReactNode
  children: (session: SessionData) => ReactNode
}

export function SessionState({ loading, signedOut, children }: SessionStateProps) {
  const { data, isPending } = useSession()
  if (data) return children(data)
  return isPending ? loading : signedOut
}
