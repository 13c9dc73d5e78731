/**
 * The session's two cookies, seen from outside Better Auth: `session_token`, which is the session,
 * and `session_data`, the cached copy of its row. Checks no signature, so nothing here decides who someone is.
 */

/** The `Cookie` header without the cookies for which `drop` answers true. */
export function withoutCookies(
  header: string,
  drop: (name: string, value: string) => boolean,
): string {
  return header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => {
      const at = pair.indexOf("=")
      return pair !== "" && !drop(pair.slice(0, at), pair.slice(at + 1))
    })
    .join("; ")
}

/** The value of the first cookie called `name` (the one Better Auth reads), or null. */
export function findCookie(header: string, name: string): string | null {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=")
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

export type CachedSession = { expiresAt: number; signature: string; session: unknown }

/**
 * What a `session_data` cookie says, signature unchecked, or null when it is not readable at all.
 * Better Auth throws on a cookie that is not base64 instead of ignoring it, so it gets to see none
 * that this does not read.
 */
export function readCachedSession(value: string): CachedSession | null {
  if (!/^[\w-]+=*$/.test(value)) return null
  try {
    const bytes = Uint8Array.from(atob(value.replace(/-/g, "+").replace(/_/g, "/")), (character) =>
      character.charCodeAt(0),
    )
    const cached: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
    if (typeof cached !== "object" || cached === null) return null
    const { expiresAt, signature, session } = cached as Partial<CachedSession>
    if (typeof expiresAt !== "number" || typeof signature !== "string") return null
    return /^[\w-]+$/.test(signature) ? { expiresAt, signature, session } : null
  } catch {
    // Not base64, not UTF-8 or not JSON: not a cookie of ours, which is all there is to know.
    return null
  }
}
