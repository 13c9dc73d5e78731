/**
 * Keeps the session of a tab true: when it is looked at, when the network is back, now and then while
 * visible, after a failure, and when another tab tells. One set of listeners and one timer, however
 * many components show the session. It decides when to ask; what is shown is SWR's business.
 */
import { joinTabs, type TabMessage, type Tabs } from "./tabs"

/** Least seconds between two reads because the tab was looked at. */
const focusGap = 5
/** Longest pause between two tries while reading fails, in seconds. */
const longestBackOff = 60

/** A read that failed, and how many seconds the server asked to be left alone. */
export class SessionReadError extends Error {
  override readonly name = "SessionReadError"
  constructor(
    message: string,
    readonly retryAfter = 0,
  ) {
    super(message)
  }
}

/** Seconds until the next try after `failures` in a row: doubling, capped, never in step with others. */
export function backOff(failures: number, retryAfter = 0, random = Math.random()): number {
  const step = Math.min(2 ** failures, longestBackOff)
  return Math.max(step * (0.5 + random / 2), Math.min(retryAfter, longestBackOff))
}

type Options = {
  /** Reads the session; its outcome is reported to `succeeded` or `failed`. Never rejects. */
  read: () => Promise<unknown>
  /** Whether the tab shows someone as signed in. */
  isSignedIn: () => boolean
  /** Takes over what another tab has told. */
  receive: (message: TabMessage) => void
}

/** The rules of when a tab reads its session. */
export function createSessionSync({ read, isSignedIn, receive }: Options) {
  let followers = 0
  let refreshSeconds = 60
  let failures = 0
  let readAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  let tabs: Tabs | undefined

  const isVisible = () => document.visibilityState === "visible"

  /** Plans the next read. A hidden tab waits until it is looked at; a visitor has nothing to lose. */
  function plan(seconds: number) {
    clearTimeout(timer)
    if (followers === 0) return
    timer = setTimeout(() => {
      if (isVisible() && (failures > 0 || isSignedIn())) void read()
      else plan(refreshSeconds)
    }, seconds * 1000)
  }

  /** A tenth more or less, so that many tabs do not ask in step. */
  const planRefresh = () => plan(refreshSeconds * (0.9 + Math.random() / 10))

  const look = () => {
    if (isVisible() && Date.now() - readAt >= focusGap * 1000) void read()
  }
  const reconnect = () => {
    if (isVisible()) void read()
  }

  function start() {
    tabs = joinTabs(receive)
    document.addEventListener("visibilitychange", look)
    window.addEventListener("focus", look)
    window.addEventListener("online", reconnect)
    // Fails at once, and so marks what is shown as the last that was known.
    window.addEventListener("offline", reconnect)
    planRefresh()
  }

  function stop() {
    clearTimeout(timer)
    tabs?.close()
    tabs = undefined
    document.removeEventListener("visibilitychange", look)
    window.removeEventListener("focus", look)
    window.removeEventListener("online", reconnect)
    window.removeEventListener("offline", reconnect)
  }

  return {
    /** Keeps the session true until the answered function is called; any number may. */
    follow(seconds: number): () => void {
      refreshSeconds = seconds
      followers += 1
      if (followers === 1) start()
      return () => {
        followers -= 1
        if (followers === 0) stop()
      }
    },
    /** A read has begun, whoever asked for it. */
    began() {
      readAt = Date.now()
    },
    succeeded() {
      failures = 0
      planRefresh()
    },
    failed(error: unknown) {
      failures += 1
      plan(backOff(failures, error instanceof SessionReadError ? error.retryAfter : 0))
    },
    /** Tells the other tabs. */
    tell(message: TabMessage) {
      if (tabs) return tabs.tell(message)
      const visit = joinTabs(() => {})
      visit.tell(message)
      visit.close()
    },
  }
}
