"use client"
/**
 * What a part of the administrators' pages does: asks, says what was done and lets the server render it, so
 * that nothing here guesses an outcome.
 */
import { useRouter } from "next/navigation"
import { useState, useTransition } from "react"
import { toast } from "sonner"
import { leaveWhenSignedOut } from "@/components/settings/request"
import { errorMessage } from "@/lib/errors"
import { type AdminRequest, askAdmin } from "./ask"

/** Acts of one part of a page, one at a time: which is under way, and why the last one failed. */
export function useAct() {
  const router = useRouter()
  const [asking, setAsking] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [isRefreshing, startRefresh] = useTransition()

  /** Asks, says what was done and shows it. Resolves to whether it was. */
  async function act(name: string, request: AdminRequest, done: string): Promise<boolean> {
    setFailure(null)
    setAsking(name)
    const { error } = await askAdmin(request)
    setAsking(null)
    if (error && !leaveWhenSignedOut(error)) setFailure(errorMessage(error))
    if (error) return false
    toast(done)
    startRefresh(() => router.refresh())
    return true
  }

  return { act, asking, isBusy: asking !== null || isRefreshing, failure }
}
