"use client"
/**
 * What a part of the administrators' pages does: asks, says what was done and lets the server render it, so
 * that nothing here guesses an outcome.
 */
import { useRouter } from "next/navigation"
import { useRef, useState, useTransition } from "react"
import { toast } from "sonner"
import { leaveWhenSignedOut } from "@/components/settings/request"
import { errorMessage, type RequestError } from "@/lib/errors"
import { type AdminRequest, askAdmin } from "./ask"

/**
 * When the answer was that the reader may not be here any more: leaves, and says true. Others' names and
 * addresses must not stay on the screen; asked for again, the page is the sign-in page or none.
 */
export function leaveWhenRefused(error: RequestError | null): boolean {
  if (leaveWhenSignedOut(error)) return true
  if (error?.code !== "NOT_ADMIN" && error?.code !== "IMPERSONATING") return false
  window.location.reload()
  return true
}

/** Acts of one part of a page, one at a time: which is under way, and why the last one failed. */
export function useAct() {
  const router = useRouter()
  const [asking, setAsking] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  // Rendering comes after a second click: what is under way is also known at once.
  const isAsking = useRef(false)
  const [isRefreshing, startRefresh] = useTransition()

  /** Asks, says what was done and shows it. Resolves to whether it was. */
  async function act(name: string, request: AdminRequest, done: string): Promise<boolean> {
    if (isAsking.current) return false
    isAsking.current = true
    setFailure(null)
    setAsking(name)
    const { error } = await askAdmin(request)
    isAsking.current = false
    setAsking(null)
    if (error && !leaveWhenRefused(error)) setFailure(errorMessage(error))
    if (error) return false
    toast(done)
    startRefresh(() => router.refresh())
    return true
  }

  return { act, asking, isBusy: asking !== null || isRefreshing, failure }
}
