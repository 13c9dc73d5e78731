/**
 * The session in the browser, on SWR: one request however many components ask, the server's answer
 * without a request where the page brought it. Knows nothing of Better Auth's client, so that a
 * page that only shows who is signed in does not load it.
 */
"use client"

import { createContext, useContext } from "react"
import useSWR, { mutate } from "swr"
import type { SessionData } from "./sessions/view"

/** Where SWR keeps the session, for all components and for `SessionProvider`. */
export const SESSION_KEY = "session"

/**
 * Seconds between two reads in a visible tab. They go to the endpoint that renews the cached copy and
 * extends the session, which pages rendered on the server cannot do.
 */
export const RefreshContext = createContext(60)

const endpoint = "/api/auth/get-session"

type Wire<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] }

/** JSON has no dates. */
function reviveSession(data: {
  session: Wire<SessionData["session"]>
  user: Wire<SessionData["user"]>
}): SessionData {
  const { session, user } = data
  return {
    session: {
      ...session,
      expiresAt: new Date(session.expiresAt),
      createdAt: new Date(session.createdAt),
      updatedAt: new Date(session.updatedAt),
    },
    user: { ...user, createdAt: new Date(user.createdAt), updatedAt: new Date(user.updatedAt) },
  }
}

/** @throws when the server cannot tell; that is an error, not "signed out" */
async function fetchSession(force: boolean): Promise<SessionData | null> {
  const response = await fetch(force ? `${endpoint}?disableCookieCache=true` : endpoint, {
    headers: { accept: "application/json" },
  })
  if (!response.ok) throw new Error(`The session could not be read (${response.status}).`)
  const data: Parameters<typeof reviveSession>[0] | null = await response.json()
  return data && reviveSession(data)
}

/**
 * Reads the session again for every component; resolves when they have it.
 * @param force asks the database instead of the cookie cache
 */
export async function refreshSession({ force = false } = {}): Promise<SessionData | null> {
  const data = await mutate<SessionData | null>(SESSION_KEY, fetchSession(force), {
    revalidate: false,
    // A failed read changes nothing: who was signed in still is, as far as anyone knows.
    rollbackOnError: true,
  })
  return data ?? null
}

let signingOut = false

/** Whether this tab is ending its own session, and knows where to go from there. */
export const isSigningOut = () => signingOut

/** Runs a sign-out; one that failed has not happened. */
export async function whileSigningOut<T extends object>(run: () => Promise<T>): Promise<T> {
  signingOut = true
  let isDone = false
  try {
    const answer = await run()
    isDone = !("error" in answer && answer.error)
    return answer
  } finally {
    signingOut = isDone
  }
}

/** Who is signed in. While that is unknown `isPending` is true and `data` null. */
export function useSession(): {
  data: SessionData | null
  isPending: boolean
  error: Error | null
  refetch: () => Promise<void>
} {
  const {
    data,
    error,
    mutate: revalidate,
  } = useSWR<SessionData | null, Error>(SESSION_KEY, () => fetchSession(false), {
    focusThrottleInterval: 5_000,
    dedupingInterval: 2_000,
    // What the server rendered, or another component fetched, is not asked for again on mount.
    revalidateIfStale: false,
    refreshInterval: useContext(RefreshContext) * 1000,
  })
  return {
    data: data ?? null,
    isPending: data === undefined && error === undefined,
    error: error ?? null,
    refetch: async () => {
      await revalidate()
    },
  }
}
