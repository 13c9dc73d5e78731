/**
 * The session in the browser, on SWR: one request however many components ask, the server's answer
 * without a request where the page brought it, and the same state in every tab. Knows nothing of
 * Better Auth's client, so that a page that only shows who is signed in does not load it.
 */
"use client"

import { createContext, useContext, useEffect } from "react"
import useSWR, { mutate } from "swr"
import { fetchSession } from "./fetch-session"
import { whileReading } from "./session-lock"
import { createSessionSync } from "./session-sync"
import type { SessionData } from "./sessions/view"
import type { TabMessage } from "./tabs"

/** Where SWR keeps the session, for all components and for `SessionProvider`. */
export const SESSION_KEY = "session"
/** Where it keeps why the latest read failed. */
const ERROR_KEY = "session-error"
/** Where it keeps the device list. */
export const DEVICES_KEY = "devices"

/**
 * Seconds between two reads in a visible tab. They go to the endpoint that renews the cached copy and
 * extends the session, which pages rendered on the server cannot do.
 */
export const RefreshContext = createContext(60)

type State = SessionData | null

/** What this tab knows; undefined until it does. */
let known: State | undefined
/** Reads are numbered as they begin; up to `settled` their answers are no news any more. */
let begun = 0
let settled = 0

const isSame = (a: State | undefined, b: State | undefined) =>
  a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b)

/** Shows `state` in every component. Answers to reads up to `asOf`, all that have begun, are outdated. */
async function show(state: State | undefined, asOf = begun): Promise<void> {
  settled = Math.max(settled, asOf)
  known = state
  await Promise.all([
    mutate(SESSION_KEY, state, { revalidate: false }),
    mutate(ERROR_KEY, undefined, { revalidate: false }),
  ])
}

const sync = createSessionSync({
  read: () => void readOnce(),
  isSignedIn: () => Boolean(known),
  receive,
  wake: () => {
    leaving = false
    // What was asked before the page was put away, or a moment ago, is not the answer to this.
    reading = null
    void show(undefined).then(readOnce)
  },
})

function receive({ key, data }: TabMessage): void {
  if (key === SESSION_KEY && (data === null || isSessionData(data))) {
    sync.succeeded()
    void show(data)
  } else if (document.visibilityState === "visible") {
    // A hidden tab asks when it is looked at.
    if (key === SESSION_KEY) void readOnce()
    else void mutate(key)
  }
}

/** Tabs of an older or newer version of this page may say what this one does not understand. */
const isSessionData = (data: unknown): data is SessionData =>
  typeof (data as SessionData | undefined)?.session?.id === "string" &&
  typeof (data as SessionData).user?.id === "string"

/** Tells the other tabs what this one knows; they share the cookies, so they need not ask. */
const tellSession = () => sync.tell({ key: SESSION_KEY, data: known })

/**
 * Every read of this tab. Resolves when all components have the answer, unless something newer has
 * overtaken it: then they have that.
 * @throws when the server cannot tell; that is an error, not "signed out"
 */
async function read(force: boolean, isNews: boolean): Promise<State> {
  begun += 1
  const turn = begun
  sync.began()
  try {
    const state = await whileReading(() => fetchSession(force))
    sync.succeeded()
    // Overtaken by something newer, unless that was only that nothing is known.
    if (turn <= settled && known !== undefined) return known
    const isChanged = !isSame(known, state)
    await show(state, turn)
    if (isNews || isChanged) tellSession()
    return state
  } catch (error) {
    if (turn <= settled) throw error
    sync.failed(error)
    await mutate(ERROR_KEY, error, { revalidate: false })
    throw error
  }
}

let reading: Promise<State | undefined> | null = null

/** Reads for whoever asks while one read is under way. Never rejects: the state says what failed. */
function readOnce(): Promise<State | undefined> {
  if (reading) return reading
  const mine = read(false, false)
    .catch(() => undefined)
    .finally(() => {
      if (reading === mine) reading = null
    })
  reading = mine
  return mine
}

/**
 * Reads the session again for every component and every tab; resolves when they have it.
 * @param force asks the database instead of the cookie cache
 */
export const refreshSession = ({ force = false } = {}): Promise<State> => read(force, true)

/** A read that must not fail, for a page that was brought back; undefined when it cannot be told. */
export const readAgain = readOnce

/** After a call that has changed who is signed in, or how they look. The call itself has succeeded. */
export async function sessionHasChanged(): Promise<void> {
  try {
    await refreshSession()
  } catch {
    // This tab tries again by itself, and shows that it could not; the others find out their way.
    sync.tell({ key: SESSION_KEY })
  }
}

/** After a call that has ended this browser's session: nothing is left to ask. */
export async function sessionHasEnded(): Promise<void> {
  await show(null)
  tellSession()
}

/**
 * The later of two states of the session that this browser has; undefined when that cannot be told, as of
 * two different sessions: an administrator comes back to the older one.
 */
export function laterSession(current: State | undefined, handed: State | undefined) {
  if (current === undefined) return handed
  if (handed === undefined || current === handed) return current
  if (current?.session.id !== handed?.session.id) return undefined
  const currentAt = current?.user.updatedAt.getTime() ?? 0
  return handed && handed.user.updatedAt.getTime() > currentAt ? handed : current
}

/** Takes over what the server read for this page, unless the browser has heard later news. */
export function adoptSession(handed: State | undefined): void {
  const later = laterSession(known, handed)
  // What is being asked at the moment may still know better than a page made from a cached copy.
  if (later === undefined && handed !== undefined) void readOnce()
  else if (later !== known) void show(later, settled)
}

/** What this tab knew of before the page that is shown now; undefined when nothing. */
export const knownSession = () => known

/** Shows `change` to the signed-in user at once, and takes it back when `run` fails. */
export async function whileShowing<T extends { error: unknown }>(
  change: Partial<SessionData["user"]>,
  run: () => Promise<T>,
): Promise<T> {
  const before = known
  const shown = before && { ...before, user: { ...before.user, ...change } }
  if (shown) await show(shown)
  const takeBack = () => (known === shown ? show(before) : undefined)
  try {
    const answer = await run()
    if (answer.error) await takeBack()
    return answer
  } catch (error) {
    await takeBack()
    throw error
  }
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

async function refetch(): Promise<void> {
  await readOnce()
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
  // SWR keeps and shares the state; when to ask is decided once for all components, not by each.
  const { data } = useSWR<State>(SESSION_KEY, null)
  const { data: error } = useSWR<Error>(ERROR_KEY, null)
  const isPending = data === undefined

  useEffect(() => sync.follow(refreshSeconds), [refreshSeconds])
  useEffect(() => {
    if (isPending && !sync.isFailing()) void readOnce()
  }, [isPending])

  return { data: data ?? null, isPending, error: error ?? null, refetch }
}
