/**
 * Keeps the session of a tab true: when it is looked at, when the network is back, now and then while
 * visible, after a failure, and when another tab tells. One set of listeners and one timer, however
 * many components show the session. It decides when to ask; what is shown is `lib/use-session.ts`'s.
 */
import { joinTabs, type TabMessage, type Tabs } from "./tabs"

/** Least milliseconds between two reads because the tab was looked at. */
const focusGap = 5_000
/** Being looked at so soon after a read has begun is the same look: browsers send two events. */
const sameLook = 1_000
/** Longest pause between two tries while reading fails, in seconds. */
const longestBackOff = 60
/** Tabs that find the network back do not all ask at once, but within so many milliseconds. */
const reconnectSpread = 300

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
  read: () => void
  /** Whether the tab shows someone as signed in. */
  isSignedIn: () => boolean
  /** Takes over what another tab has told. */
  receive: (message: TabMessage) => void
  /** The browser has brought a page back as it was left: nothing on it may be believed. */
  wake: () => void
}

/** The rules of when a tab reads its session. */
export function createSessionSync({ read, isSignedIn, receive, wake }: Options) {
  let followers = 0
  let refreshSeconds = 60
  let failures = 0
  let readAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  let tabs: Tabs | undefined

  const isVisible = () => document.visibilityState === "visible"

  /** Plans the next read. A hidden tab waits until it is looked at; a visitor has nothing to lose. */
  function plan(milliseconds: number) {
    clearTimeout(timer)
    if (followers === 0) return
    timer = setTimeout(() => {
      if (isVisible() && (failures > 0 || isSignedIn())) read()
      else planRefresh()
    }, milliseconds)
  }

  /** A tenth less at most, so that many tabs do not ask in step. */
  const planRefresh = () => plan(refreshSeconds * (900 + Math.random() * 100))

  /** Looked at: at once, or when the gap is over; while reading fails, when the pause is. */
  function look() {
    if (!isVisible() || failures > 0) return
    const since = Date.now() - readAt
    if (since >= focusGap) read()
    else if (since > sameLook) plan(focusGap - since)
  }

  /** Offline a read fails at once, and so marks what is shown as the last that was known. */
  function reconnect({ type }: Event) {
    if (isVisible()) setTimeout(read, type === "online" ? Math.random() * reconnectSpread : 0)
  }

  const restore = ({ persisted }: PageTransitionEvent) => persisted && wake()

  function start() {
    tabs = joinTabs(receive)
    document.addEventListener("visibilitychange", look)
    window.addEventListener("focus", look)
    window.addEventListener("online", reconnect)
    window.addEventListener("offline", reconnect)
    window.addEventListener("pageshow", restore)
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
    window.removeEventListener("pageshow", restore)
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
    /** Whether reading has failed, and is going to be tried again. */
    isFailing: () => failures > 0,
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
      plan(backOff(failures, error instanceof SessionReadError ? error.retryAfter : 0) * 1000)
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
