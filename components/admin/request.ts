"use client"
/**
 * One way for the administrators' pages to ask the server. What was done shows as the server then
 * renders it, so nothing here guesses an outcome.
 */
import { useRouter } from "next/navigation"
import { useState, useTransition } from "react"
import { toast } from "sonner"
import { leaveWhenSignedOut } from "@/components/settings/request"
import { errorMessage, type RequestError } from "@/lib/errors"

type Client = typeof import("@/lib/admin/client")["adminClient"]
type Answer<Data> = { data: Data | null; error: RequestError | null }
export type AdminRequest<Data = unknown> = (client: Client) => Promise<Answer<Data>>

/** The answer of a call, also when the network fails; the client is loaded by the first one. */
export async function askAdmin<Data>(request: AdminRequest<Data>): Promise<Answer<Data>> {
  try {
    const { adminClient } = await import("@/lib/admin/client")
    return await request(adminClient)
  } catch {
    return { data: null, error: {} }
  }
}

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
