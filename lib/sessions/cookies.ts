/**
 * The `Cookie` header as Better Auth reads it: by its own parser, because whatever strips or judges
 * cookies by another rule can be got past. Checks no signature, so nothing here decides who someone is.
 */
import { parseCookies } from "better-call"

/** The cookies of a header, as whoever believes them sees them: trimmed, decoded, the first of a name. */
export const readCookies = (header: string | null | undefined): ReadonlyMap<string, string> =>
  parseCookies(header ?? "")

/**
 * The header with no cached session in it, whole or in pieces: written anew from what the parser saw,
 * so that no spelling of one can be left over.
 */
export function withoutCopies(header: string, copyName: string): string {
  return [...readCookies(header)]
    .filter(([name]) => name !== copyName && !name.startsWith(`${copyName}.`))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("; ")
}

/** More than a copy was ever cut into; the rest goes with the next answer. */
const mostPieces = 10

/** The names of the pieces of a copy that a browser still sends: none is written any more. */
export function piecesIn(header: string, copyName: string): string[] {
  if (!header.includes(`${copyName}.`)) return []
  const isPiece = (name: string) =>
    name.startsWith(`${copyName}.`) && /^\d{1,2}$/.test(name.slice(copyName.length + 1))
  return [...readCookies(header).keys()].filter(isPiece).slice(0, mostPieces)
}
