/**
 * Better Auth in the browser: `authClient`, loaded with its first call, and the hooks on SWR
 * (`lib/use-session.ts`), which are the only store of the session. Every call that changes the
 * session resolves once the hooks, in all tabs, know.
 */
"use client"

import { refreshSession, useSession, whileLeaving, whileShowing } from "./use-session"

type Client = typeof import("./better-auth-client")["client"]

/** What a call answers whose code could not be loaded: as one that did not reach the server. */
const notReached = { data: null, error: { status: 0, statusText: "Not reached", message: "" } }

/** Calls `client.<path>(...args)` once its code is there. */
async function call(path: readonly string[], args: unknown[]): Promise<unknown> {
  const loaded = await import("./better-auth-client").catch(() => null)
  if (!loaded) return notReached
  const { client } = loaded
  let target: unknown = client
  for (const name of path) target = (target as Record<string, unknown>)[name]
  return (target as (...args: unknown[]) => unknown)(...args)
}

/** Stands for what `path` leads to until it is called. */
function lazily(path: readonly string[]): unknown {
  return new Proxy(() => {}, {
    // A promise is known by its `then`: without this, awaiting a part of the client would never end.
    get: (_target, name) =>
      typeof name === "string" && name !== "then" ? lazily([...path, name]) : undefined,
    apply: (_target, _this, args: unknown[]) => call(path, args),
  })
}

/** Better Auth's client, less what is no call: the store is SWR, and there is only one. */
export const authClient = lazily([]) as Omit<
  Client,
  "$store" | "$ERROR_CODES" | "useSession" | "hydrateSession"
>

export const { signIn, signUp, listSessions, revokeSession, revokeOtherSessions } = authClient

/** Ends this browser's session. */
export const signOut: Client["signOut"] = (...args) =>
  whileLeaving(() => authClient.signOut(...args))

/** Changes name or picture. Every component shows it at once, and what was before if that fails. */
export function updateUser(values: { name?: string; image?: string | null }) {
  return whileShowing(values, () => authClient.updateUser(values))
}

export { useSession }

/** `useSession` with the calls beside it, for components that do both. */
export function useUserSession() {
  const { data, isPending, error } = useSession()
  return {
    user: data?.user ?? null,
    session: data?.session ?? null,
    loggedIn: data !== null,
    /** Whether it is known who is signed in. */
    ready: !isPending,
    /** Why the latest read failed. The rest is then the last that was known. */
    error,
    signIn,
    signUp,
    signOut,
    /** Reads the session again; `force` asks the database. */
    fetchSession: refreshSession,
  }
}
