/**
 * Order among the requests that read the session's cookies and those that replace them, in all tabs
 * of this browser. Without it the late answer to an old read could clear the cookie that a sign-in or
 * a changed password has just set. Must never be held while waiting for a person.
 */

const name = "session"

/** Runs `work` in its turn; where the browser has no locks, at once. */
function inTurn<T>(mode: LockMode, work: () => Promise<T>): Promise<T> {
  if (typeof navigator === "undefined" || !navigator.locks) return work()
  // The types say `Awaited<Promise<T>>`, which for an unknown T is not seen to be T.
  return navigator.locks.request(name, { mode }, work) as Promise<T>
}

/** For a request that reads the session: any number at once, but none beside a change. */
export const whileReading = <T>(work: () => Promise<T>) => inTurn("shared", work)

/** For a request after which the cookies are other ones: alone. */
export const whileChanging = <T>(work: () => Promise<T>) => inTurn("exclusive", work)
