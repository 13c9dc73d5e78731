/**
 * The cookies of an answer, once everybody has set theirs: each name once, no copy cut in pieces, no
 * cookie that outlives its session, and all of them together small enough for any proxy on the way.
 * May leave a copy out, which costs a query, and never anything else.
 */
import type { GenericEndpointContext } from "better-auth"
import { serializeCookie } from "better-call"
import { smallCopy } from "./small-copy"

/**
 * Most that the `Set-Cookie` headers of one answer may take: by default nginx has 4 kB for all headers, and
 * the others are about 650 bytes.
 */
export const mostBytes = 3_300

/** What a header costs besides its value: its name, a colon, a space and the end of the line. */
const headerBytes = "Set-Cookie: \r\n".length

const nameOf = (cookie: string) => cookie.slice(0, cookie.indexOf("="))
const textOf = (cookie: string) => cookie.slice(cookie.indexOf("=") + 1).split(";", 1)[0] ?? ""
/** From the first semicolon on, or nothing. */
const attributesOf = (cookie: string) => cookie.slice(`${nameOf(cookie)}=${textOf(cookie)}`.length)

export const bytesOf = (cookies: Iterable<string>): number =>
  [...cookies].reduce((sum, cookie) => sum + cookie.length + headerBytes, 0)

/** The cookie of a session with a `Max-Age` of what the session has left; one without stays without. */
function following(cookie: string, expiresAt: Date): string {
  const left = Math.max(0, Math.ceil((expiresAt.getTime() - Date.now()) / 1000))
  return cookie.replace(/(; ?Max-Age=)(\d+)/i, (_all, name: string, given: string) =>
    Number(given) > left ? `${name}${left}` : `${name}${given}`,
  )
}

/** The last cookie of each name, and the copy put together again where Better Auth has cut it. */
function lastOfEach(
  cookies: string[],
  copyName: string,
  isOurs: (name: string) => boolean,
): Map<string, string> {
  const last = new Map<string, string>()
  for (const cookie of cookies) {
    const name = nameOf(cookie)
    const isPiece = name.startsWith(`${copyName}.`)
    if (isPiece && textOf(cookie) === "") continue
    const before = isPiece && name !== `${copyName}.0` ? textOf(last.get(copyName) ?? "") : ""
    const whole = isPiece ? `${copyName}=${before}${textOf(cookie)}${attributesOf(cookie)}` : cookie
    // A cookie of somebody else's may be set in one place and expired in another.
    const place = isOurs(name)
      ? ""
      : (attributesOf(cookie).match(/(domain|path)=[^;]*/gi) ?? []).join()
    last.set(isPiece ? copyName : `${name}${place}`, whole)
  }
  return last
}

/**
 * For every answer that is about to go out.
 * @param pieces names of pieces of a copy that the browser still has
 */
export function finishCookies(ctx: GenericEndpointContext, pieces: string[]): void {
  const { newSession, authCookies, secret } = ctx.context
  const { sessionToken, sessionData } = authCookies
  // What an endpoint has set so far; the library's types do not tell.
  const context = ctx.context as { responseHeaders?: Headers }
  const given = context.responseHeaders?.getSetCookie() ?? []
  if (given.length + pieces.length === 0) return

  const own = Object.values(authCookies).map(({ name }) => name)
  const cookies = lastOfEach(given, sessionData.name, (name) => own.includes(name))
  const expire = (name: string) =>
    cookies.set(name, serializeCookie(name, "", { ...sessionData.attributes, maxAge: 0 }))
  const token = cookies.get(sessionToken.name)
  if (token && newSession) {
    cookies.set(sessionToken.name, following(token, new Date(newSession.session.expiresAt)))
  }
  for (const piece of pieces) expire(piece)
  const copy = cookies.get(sessionData.name)
  if (copy && textOf(copy) !== "") {
    const small = smallCopy(textOf(copy), secret)
    cookies.set(sessionData.name, `${sessionData.name}=${small}${attributesOf(copy)}`)
    if (small === null || bytesOf(cookies.values()) > mostBytes) expire(sessionData.name)
  }

  const headers = context.responseHeaders ?? new Headers()
  headers.delete("set-cookie")
  for (const cookie of cookies.values()) headers.append("set-cookie", cookie)
  context.responseHeaders = headers
}
