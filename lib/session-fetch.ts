/**
 * What every client of the auth endpoints does around its requests: those that replace the session's
 * cookies take turns with reads, and once they are answered all components and tabs know.
 */
import { whileChanging } from "./session-lock"
import { sessionHasChanged, sessionHasEnded, tellDevicesChanged } from "./use-session"

/** Endpoints after which the reader may be someone else, or look different. */
const changesSession =
  /^\/(sign-(in|up|out)|update-user|change-|reset-password|revoke-sessions?$|delete-user|two-factor\/|passkey\/verify-auth|admin\/(impersonate|stop-))/
/** Endpoints after which nobody is signed in here. */
const endsSession = /^\/(sign-out|revoke-sessions)$/
/** Endpoints after which the list of devices is another one. */
const changesDevices = /^\/(change-password|revoke-(other-)?sessions?|rename-session)$/

/** Longest that a call may take, in milliseconds: reads in all tabs wait for one that changes cookies. */
const deadline = 30_000

const pathOf = (url: string | URL) =>
  new URL(url, window.location.origin).pathname.replace(/^\/api\/auth/, "")

/** A signal that aborts with the first of `signals`: `AbortSignal.any` is newer than our browsers. */
export function firstOf(...signals: (AbortSignal | null | undefined)[]): AbortSignal {
  const first = new AbortController()
  for (const signal of signals) {
    const abort = () => first.abort(signal?.reason)
    if (signal?.aborted) abort()
    signal?.addEventListener("abort", abort, { once: true, signal: first.signal })
  }
  return first.signal
}

const fetchInTurn: typeof fetch = (input, init) => {
  const isRequest = input instanceof Request
  const send = () => {
    const ownSignal = init?.signal ?? (isRequest ? input.signal : null)
    return fetch(input, { ...init, signal: firstOf(ownSignal, AbortSignal.timeout(deadline)) })
  }
  const path = pathOf(isRequest ? input.url : input)
  return changesSession.test(path) ? whileChanging(send) : send()
}

/** For `createAuthClient`. */
export const sessionFetchOptions = {
  customFetchImpl: fetchInTurn,
  // Runs before the call resolves, so a navigation right after it finds the new state.
  onSuccess: async ({
    request,
    response,
  }: {
    request: { url: string | URL }
    response: Response
  }) => {
    const path = pathOf(response.url || request.url)
    if (changesDevices.test(path)) tellDevicesChanged()
    if (endsSession.test(path)) await sessionHasEnded()
    else if (changesSession.test(path)) await sessionHasChanged()
  },
}
