"use client"
/**
 * The device list in the browser: the server's rows first, then SWR's. A row that is being signed
 * out leaves at once and comes back with the reason when that fails. No row holds a session token.
 */
import { useEffect, useState } from "react"
import useSWR from "swr"
import { useHydrated } from "@/components/ui/use-hydrated"
import { errorMessage, type RequestError } from "@/lib/errors"
import type { SessionListItem } from "@/lib/sessions/view"
import { DEVICES_KEY } from "@/lib/use-session"
import { type AuthRequest, ask, leaveWhenSignedOut } from "./request"

/** The place of a failure that is not one row's: signing out all other devices. */
export const allOthers = "all others"

// As long as a row takes to collapse, so that a quick answer does not cut the movement short.
const collapseMilliseconds = 150

async function fetchSessions(): Promise<SessionListItem[]> {
  const { data, error } = await ask((client) => client.listSessions())
  if (data) return data
  leaveWhenSignedOut(error)
  throw error
}

/** `initial` is what the server listed, or null when it could not. */
export function useSessions(initial: SessionListItem[] | null) {
  const hydrated = useHydrated()
  // Rows that came with the document are fresh; a page the router kept may show old ones.
  const [revalidateOnMount] = useState(hydrated || initial === null)
  const { data, error, isValidating, mutate } = useSWR<SessionListItem[], RequestError>(
    DEVICES_KEY,
    fetchSessions,
    { fallbackData: initial ?? undefined, revalidateOnMount },
  )
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set())
  const [failures, setFailures] = useState<ReadonlyMap<string, string>>(new Map())

  // The next visit begins with what the server lists then, not with what this one ended with.
  useEffect(() => () => void mutate(undefined, { revalidate: false }), [mutate])

  // Until the first answer SWR's cache is empty: the rows are still the ones the server listed.
  const update = (change: (rows: SessionListItem[]) => SessionListItem[]) =>
    mutate((rows = initial ?? undefined) => rows && change(rows), { revalidate: false })

  function setFailure(place: string, sentence: string | null) {
    setFailures((current) => {
      const next = new Map(current)
      if (sentence) next.set(place, sentence)
      else next.delete(place)
      return next
    })
  }

  /** Takes rows away and asks. False when they had to come back, with the reason at `place`. */
  async function end(rows: SessionListItem[], place: string, request: AuthRequest<unknown>) {
    const ids = new Set(rows.map(({ id }) => id))
    setFailure(place, null)
    setLeaving((current) => new Set([...current, ...ids]))
    const collapsed = new Promise((resolve) => setTimeout(resolve, collapseMilliseconds))
    const [{ error }] = await Promise.all([ask(request), collapsed])
    // What is no longer there has been signed out, by whomever: that is what was asked for.
    if (!error || error.code === "SESSION_NOT_FOUND") {
      // The server ended all others, also one that this list had not heard of.
      if (place === allOthers) await update((current) => current.filter((row) => row.current))
      await update((current) => current.filter(({ id }) => !ids.has(id)))
      return true
    }
    if (!leaveWhenSignedOut(error)) {
      setLeaving((current) => new Set([...current].filter((id) => !ids.has(id))))
      const what = place === allOthers ? "Your other devices" : rows[0]?.device.label
      setFailure(place, `${what} could not be signed out. ${errorMessage(error)}`)
    }
    return false
  }

  /** Names a device; null takes the name away. The row shows it at once. */
  async function rename({ id, name: previous }: SessionListItem, name: string | null) {
    const show = (shown: string | null) =>
      update((current) => current.map((row) => (row.id === id ? { ...row, name: shown } : row)))
    setFailure(id, null)
    await show(name)
    const { error } = await ask((client) => client.renameSession({ id, name: name ?? "" }))
    if (!error || leaveWhenSignedOut(error)) return
    await show(previous)
    setFailure(id, `The name was not saved. ${errorMessage(error)}`)
  }

  return {
    sessions: data?.filter(({ id }) => !leaving.has(id)),
    rows: data,
    leaving,
    failures,
    /** Why the list is missing or may be out of date. Not said to someone on the way to sign in. */
    problem: error && error.status !== 401 ? errorMessage(error) : null,
    isValidating,
    retry: () => void mutate(),
    revoke: (row: SessionListItem) =>
      end([row], row.id, (client) => client.revokeSession({ id: row.id })),
    revokeOthers: (rows: SessionListItem[]) =>
      end(rows, allOthers, (client) => client.revokeOtherSessions()),
    rename,
  }
}
