/**
 * From where a request comes, as far as its headers can be believed: address, user agent, place. Made fit
 * for rows and log lines: what a header holds must never be a reason that something is not written down.
 */
import { locationHeaders, plainAddress, trustedAddressHeader } from "./client-address"
import { printable } from "./printable"

/** It goes into rows, cookies and log lines. */
const longestUserAgent = 256
const longestPlace = 100

const utf8 = new TextDecoder("utf-8", { fatal: true })

/** `value` as `decode` has it, or unchanged when it is not written that way. */
function decoded(value: string, decode: (value: string) => string): string {
  try {
    return decode(value)
  } catch {
    return value
  }
}

/** Headers arrive byte by byte: Vercel percent-encodes what is not ASCII, others send it as UTF-8. */
function readPlace(value: string | null): string | null {
  if (!value) return null
  const text = decoded(value.slice(0, 9 * longestPlace), (bytes) =>
    utf8.decode(Buffer.from(bytes, "latin1")),
  )
  return printable(decoded(text, decodeURIComponent), longestPlace).trim() || null
}

export type RequestOrigin = Record<"ipAddress" | "userAgent" | "city" | "country", string | null>

/** Reads them; what a request does not tell is null. */
export function originOf(headers: Headers | null | undefined): RequestOrigin {
  if (!headers) return { ipAddress: null, userAgent: null, city: null, country: null }
  return {
    ipAddress: plainAddress(headers.get(trustedAddressHeader)),
    userAgent: printable(headers.get("user-agent") ?? "", longestUserAgent).trim() || null,
    city: readPlace(headers.get(locationHeaders.city)),
    country: readPlace(headers.get(locationHeaders.country)),
  }
}
