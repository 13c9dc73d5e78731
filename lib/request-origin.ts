/** From where a request comes, as far as its headers can be believed: address, user agent, place. */
import { locationHeaders, trustedAddressHeader } from "./client-address"

/** It goes into rows, cookies and log lines. */
const longestUserAgent = 256

/** A header as text people may read, or null; Vercel percent-encodes what is not ASCII. */
function readPlace(headers: Headers, name: string): string | null {
  const value = headers.get(name)?.slice(0, 100)
  if (!value) return null
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

export type RequestOrigin = Record<"ipAddress" | "userAgent" | "city" | "country", string | null>

/** Reads them; what a request does not tell is null. */
export function originOf(headers: Headers | null | undefined): RequestOrigin {
  if (!headers) return { ipAddress: null, userAgent: null, city: null, country: null }
  return {
    ipAddress: headers.get(trustedAddressHeader) || null,
    userAgent: headers.get("user-agent")?.slice(0, longestUserAgent) || null,
    city: readPlace(headers, locationHeaders.city),
    country: readPlace(headers, locationHeaders.country),
  }
}
