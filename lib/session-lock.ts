/**
 * Order among the requests that read the session's cookies and those that replace them, in all tabs
 * of this browser. Without it the late answer to an old read could clear the cookie that a sign-in or
 * a changed password has just set. Must never be held while waiting for a person.
 */

const name = "session"

/** Longest wait for one's turn, in milliseconds; a tab that hangs must not stop the others. */
const patience = 5_000

/** Runs `work` in its turn; at once where the browser has no locks, or the turn does not come. */
async function inTurn<T>(mode: LockMode, work: () => Promise<T>): Promise<T> {
  if (typeof navigator === "undefined" || !navigator.locks) return work()
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), patience)
  let hasBegun = false
  try {
    return await navigator.locks.request(name, { mode, signal: waiting.signal }, () => {
      hasBegun = true
      clearTimeout(timer)
      return work()
    })
  } catch (error) {
    if (hasBegun || !waiting.signal.aborted) throw error
    return work()
  }
}

/** For a request that reads the session: any number at once, but none beside a change. */
export const whileReading = <T>(work: () => Promise<T>) => inTurn("shared", work)

/** For a request after which the cookies are other ones: alone. */
export const whileChanging = <T>(work: () => Promise<T>) => inTurn("exclusive", work)
