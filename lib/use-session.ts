/**
 * The session in the browser, on SWR: one request however many components ask, the server's answer
 * without a request where the page brought it, and the same state in every tab. Knows nothing of
 * Better Auth's client, so that a page that only shows who is signed in does not load it.
 */
"use client"

import { createContext, useContext, useEffect } from "react"
import useSWR, { mutate } from "swr"
import { whileReading } from "./session-lock"
import { createSessionSync, SessionReadError } from "./session-sync"
import type { SessionData } from "./sessions/view"

/** Where SWR keeps the session, for all components and for `SessionProvider`. */
export const SESSION_KEY = "session"
/** Where SWR keeps the device list. */
export const DEVICES_KEY = "devices"

/**
 * Seconds between two reads in a visible tab. They go to the endpoint that renews the cached copy and
 * extends the session, which pages rendered on the server cannot do.
 */
export const RefreshContext = createContext(60)

type State = SessionData | null

const endpoint = "/api/auth/get-session"
/** Longest that a read may take, in milliseconds: a change of the session waits for it. */
const readDeadline = 10_000

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

async function fetchSession(force: boolean): Promise<State> {
  const response = await fetch(force ? `${endpoint}?disableCookieCache=true` : endpoint, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(readDeadline),
  })
  if (response.status === 401) return null
  if (!response.ok) {
    const retryAfter = Number(response.headers.get("retry-after")) || 0
    throw new SessionReadError(`The session could not be read (${response.status}).`, retryAfter)
  }
  const data: Parameters<typeof reviveSession>[0] | null = await response.json()
  return data && reviveSession(data)
}

/** What this tab shows; undefined until that is known. */
let shown: State | undefined

const sync = createSessionSync({
  // Through SWR, which then also knows of a failure. It rejects never: the state says it.
  read: () => mutate(SESSION_KEY),
  isSignedIn: () => shown !== null,
  receive: ({ key, data }) =>
    void (data === undefined ? mutate(key) : mutate(key, data, { revalidate: false })),
})

const isSame = (a: State, b: State) => JSON.stringify(a) === JSON.stringify(b)

/**
 * Every read of this tab.
 * @throws when the server cannot tell; that is an error, not "signed out"
 */
async function readSession({ force = false, isNews = false } = {}): Promise<State> {
  sync.began()
  try {
    const data = await whileReading(() => fetchSession(force))
    sync.succeeded()
    // The other tabs share the cookies, so that they need not ask themselves.
    if (isNews || (shown !== undefined && !isSame(shown, data))) {
      sync.tell({ key: SESSION_KEY, data })
    }
    return data
  } catch (error) {
    sync.failed(error)
    throw error
  }
}

/**
 * Reads the session again for every component and every tab; resolves when they have it.
 * @param force asks the database instead of the cookie cache
 */
export async function refreshSession({ force = false } = {}): Promise<State> {
  // A failed read changes nothing: who was signed in still is, as far as anyone knows.
  const read = readSession({ force, isNews: true })
  return (await mutate<State>(SESSION_KEY, read, { revalidate: false })) ?? null
}

/** The later of two states of the session that this browser has. */
export function laterSession(current: State | undefined, read: State | undefined) {
  if (current === undefined) return read
  if (!current || !read) return current
  const began = read.session.createdAt.getTime() - current.session.createdAt.getTime()
  const changed = read.user.updatedAt.getTime() - current.user.updatedAt.getTime()
  return began > 0 || (began === 0 && changed > 0) ? read : current
}

/** Takes over what the server read for this page, unless the browser has heard later news. */
export function adoptSession(read: State | undefined): void {
  // The hooks are asking already, and a change would make them drop the answer.
  if (read === undefined) return
  void mutate<State>(SESSION_KEY, (current) => laterSession(current, read), { revalidate: false })
}

/** Shows `change` to the signed-in user at once, and takes it back when `run` fails. */
export async function whileShowing<T extends { error: unknown }>(
  change: Partial<SessionData["user"]>,
  run: () => Promise<T>,
): Promise<T> {
  let answer: T | undefined
  const refused = new Error("refused")
  await mutate<State>(
    SESSION_KEY,
    async (current) => {
      answer = await run()
      if (answer.error) throw refused
      return current
    },
    {
      optimisticData: (current) =>
        current ? { ...current, user: { ...current.user, ...change } } : (current ?? null),
      populateCache: false,
      revalidate: false,
      rollbackOnError: true,
    },
  ).catch((error: unknown) => {
    if (error !== refused) throw error
  })
  return answer as T
}

/** Tells the other tabs that the user's devices are no longer the same. */
export const tellDevicesChanged = () => sync.tell({ key: DEVICES_KEY })

let leaving = false

/** Whether this tab is changing who is signed in, and knows where to go from there. */
export const isLeaving = () => leaving

/** Runs a sign-in or sign-out, after which the page is left; one that failed has not happened. */
export async function whileLeaving<T extends object>(run: () => Promise<T>): Promise<T> {
  leaving = true
  let isDone = false
  try {
    const answer = await run()
    isDone = !("error" in answer && answer.error)
    return answer
  } finally {
    leaving = isDone
  }
}

// When to ask is decided once for all components, not by each of them.
const options = {
  revalidateOnFocus: false,
  revalidateOnReconnect: false,
  // What the server rendered, or another component fetched, is not asked for again on mount.
  revalidateIfStale: false,
  shouldRetryOnError: false,
}

/** Who is signed in. While that is unknown `isPending` is true and `data` null. */
export function useSession(): {
  data: SessionData | null
  isPending: boolean
  /** Why the latest read failed. `data` is then the last that was known. */
  error: Error | null
  refetch: () => Promise<void>
} {
  const refreshSeconds = useContext(RefreshContext)
  const {
    data,
    error,
    mutate: revalidate,
  } = useSWR<State, Error>(SESSION_KEY, () => readSession(), options)

  useEffect(() => sync.follow(refreshSeconds), [refreshSeconds])
  useEffect(() => {
    shown = data
  }, [data])

  return {
    data: data ?? null,
    isPending: data === undefined && error === undefined,
    error: error ?? null,
    refetch: async () => {
      await revalidate()
    },
  }
}
