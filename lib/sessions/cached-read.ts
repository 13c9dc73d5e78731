/**
 * The one reader of cached sessions, for the server and for `GET /get-session` alike. Nobody else may
 * believe a copy: Better Auth never gets to see one.
 */
import { type CachedRead, createFastRead } from "./fast-read"
import { invalidationFeed, validVersion } from "./invalidation"

/** What Better Auth's context says of its cookies. */
export type CookieContext = {
  secret: string
  authCookies: { sessionToken: { name: string }; sessionData: { name: string } }
}

type Reader = (header: string | null | undefined) => Promise<CachedRead | undefined>

const readers = new WeakMap<CookieContext["authCookies"], Reader>()

/** The reader of a Better Auth instance: answers a `Cookie` header, or undefined when the database has to. */
export function cachedReadOf({ secret, authCookies }: CookieContext): Reader {
  const known = readers.get(authCookies)
  if (known) return known
  const reader = createFastRead({
    secret,
    cookieNames: { token: authCookies.sessionToken.name, data: authCookies.sessionData.name },
    version: validVersion,
    isInvalidated: (cached) => invalidationFeed.isInvalidated(cached),
  })
  readers.set(authCookies, reader)
  return reader
}
