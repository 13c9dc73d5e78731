/**
 * Reads the session from the two cookies alone, in microseconds: both signatures, both expiries, the
 * same token in both, nothing heard of it since. It only ever says yes; whatever is unusual is left
 * to Better Auth, so it must never accept what Better Auth would not.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto"
import { readCookies } from "./cookies"
import type { Cached } from "./invalidation"
import { endOf, lapseOf, policy } from "./policy"
import { toSessionData } from "./to-view"
import type { SessionData } from "./view"

type Row<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] }
type CachedRows = {
  session: Row<SessionData["session"]> & { token: string }
  user: Row<SessionData["user"]>
  updatedAt: number
  version: string
}

/** What both cookies together prove, until when, and when that copy lapses: in milliseconds. */
type ProvedRows = CachedRows & { endsAt: number; lapsesAt: number }

/** A session as its copy has it, believed; and when the copy was written and lapses, in milliseconds. */
export type CachedRead = { data: SessionData; writtenAt: number; lapsesAt: number }

export type FastReadOptions = {
  secret: string
  cookieNames: { token: string; data: string }
  /** The version a cached session must have been written with. */
  version: string
  isInvalidated: (cached: Cached) => boolean | Promise<boolean>
}

/** In time that does not tell how much of a guess was right. */
function isSigned(
  text: string,
  signature: string,
  encoding: "base64" | "base64url",
  key: KeyObject,
): boolean {
  const expected = Buffer.from(createHmac("sha256", key).update(text).digest(encoding))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** The token that the `session_token` cookie proves, or null. */
function readToken(cookie: string, key: KeyObject): string | null {
  const [, token, signature] = /^([\w-]+)\.([\w+/]+=)$/.exec(cookie) ?? []
  if (token === undefined || signature === undefined) return null
  return isSigned(token, signature, "base64", key) ? token : null
}

const isText = (value: unknown) => typeof value === "string"
const isTextOrNone = (value: unknown) => value === null || value === undefined || isText(value)
/** As `toISOString` writes it: the only text in which Better Auth sees a date. */
const isDate = (value: unknown) =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))

/** Whether a signed copy has just the parts that Better Auth writes, each of its kind. */
function isCachedRows(value: unknown): value is CachedRows {
  if (typeof value !== "object" || value === null) return false
  if (Object.keys(value).join() !== "session,user,updatedAt,version") return false
  const { session, user } = value as Record<string, Record<string, unknown> | null>
  const { updatedAt } = value as { updatedAt: unknown }
  return (
    typeof updatedAt === "number" &&
    typeof session === "object" &&
    typeof user === "object" &&
    [session?.id, session?.userId, session?.token].every(isText) &&
    [session?.expiresAt, session?.createdAt, session?.updatedAt].every(isDate) &&
    [session?.ipAddress, session?.userAgent, user?.image].every(isTextOrNone) &&
    [session?.impersonatedBy, user?.role].every(isTextOrNone) &&
    [user?.id, user?.name, user?.email].every(isText) &&
    [user?.createdAt, user?.updatedAt].every(isDate) &&
    typeof user?.emailVerified === "boolean"
  )
}

/** The rows that the `session_data` cookie proves, and until when they may be believed; or null. */
function readRows(cookie: string, key: KeyObject): ProvedRows | null {
  if (!/^[\w-]+$/.test(cookie)) return null
  try {
    const {
      session: rows,
      expiresAt,
      signature,
    } = JSON.parse(Buffer.from(cookie, "base64url").toString())
    if (typeof signature !== "string" || typeof expiresAt !== "number") return null
    const signed = JSON.stringify({ ...rows, expiresAt })
    if (!isSigned(signed, signature, "base64url", key)) return null
    if (!isCachedRows(rows)) return null
    const lapsesAt = lapseOf({ lapsesAt: expiresAt, writtenAt: rows.updatedAt })
    return { ...rows, lapsesAt, endsAt: Math.min(lapsesAt, endOf(rows.session)) }
  } catch {
    // Not JSON, so not ours.
    return null
  }
}

/** Sessions whose cookies are remembered as proved; a copy of one is about 3 kB. */
const mostProved = 2_000

/**
 * Remembers which pair of cookies has been proved, and to say what: the same two strings under the
 * same secret prove the same again. Whether it still holds is asked at every read.
 */
function createProof(key: KeyObject) {
  const proved = new Map<string, { dataCookie: string; rows: ProvedRows }>()
  return (tokenCookie: string, dataCookie: string): ProvedRows | null => {
    const known = proved.get(tokenCookie)
    if (known?.dataCookie === dataCookie) return known.rows
    const token = readToken(tokenCookie, key)
    const rows = token && readRows(dataCookie, key)
    if (!rows || rows.session.token !== token) return null
    // The oldest goes first; a session in use comes back at its next read.
    for (const [oldest] of proved) {
      if (proved.size < mostProved) break
      proved.delete(oldest)
    }
    proved.set(tokenCookie, { dataCookie, rows })
    return rows
  }
}

/** Answers a read from its `Cookie` header, or undefined when Better Auth has to be asked. */
export function createFastRead({ secret, cookieNames, version, isInvalidated }: FastReadOptions) {
  const proof = createProof(createSecretKey(Buffer.from(secret)))

  return async (header: string | null | undefined): Promise<CachedRead | undefined> => {
    if (!header) return undefined
    const cookies = readCookies(header)
    const tokenCookie = cookies.get(cookieNames.token)
    const dataCookie = cookies.get(cookieNames.data)
    if (!tokenCookie || !dataCookie) return undefined

    const rows = proof(tokenCookie, dataCookie)
    if (!rows || rows.version !== version) return undefined
    const { session, user, endsAt, lapsesAt, updatedAt: writtenAt } = rows
    const now = Date.now()
    // Written so that a date that is none fails too.
    if (!(endsAt >= now)) return undefined
    const { id: sessionId, userId } = session
    const answer = isInvalidated({ sessionId, userId, userUpdatedAt: user.updatedAt })
    if (answer === true || (answer !== false && (await answer))) return undefined

    const data = toSessionData({
      session: {
        ...session,
        expiresAt: new Date(session.expiresAt),
        createdAt: new Date(session.createdAt),
        updatedAt: new Date(session.updatedAt),
      },
      user: {
        ...user,
        createdAt: new Date(user.createdAt),
        updatedAt: new Date(user.updatedAt),
      },
    })
    // A server whose clock was ahead may have written it, but not later than now.
    return {
      data,
      writtenAt: Math.min(writtenAt, now),
      lapsesAt: Math.min(lapsesAt, now + policy.cacheMaxAge * 1000),
    }
  }
}
