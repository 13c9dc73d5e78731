/**
 * The cached copy of a session with nothing in it but what its reader answers or checks: Better Auth
 * puts whole rows into it, and every request of the browser carries them. Never changes what is answered.
 */
import { createHmac } from "node:crypto"
import { toSessionData } from "./to-view"

type Fields = Record<string, unknown>
type Rows = { session: Fields; user: Fields }
type Copy = { session: Rows & { updatedAt: number; version: string }; expiresAt: number }

const answerOf = (rows: Rows) => toSessionData(rows as Parameters<typeof toSessionData>[0])

/** The fields that say something: null and missing are the same to the reader. */
const said = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

/** The rows without what is not answered; as they are where the answer would not be the same. */
function smaller(rows: Rows): Rows {
  const answer = answerOf(rows)
  const { token, remembered } = rows.session
  const small = {
    // Only what differs from the rule: most sessions are remembered.
    session: { ...said(answer.session), token, ...(remembered === false ? { remembered } : {}) },
    user: said(answer.user),
  }
  return JSON.stringify(answerOf(small)) === JSON.stringify(answer) ? small : rows
}

function isCopy(value: unknown): value is Copy {
  const { session, expiresAt } = (value ?? {}) as Partial<Copy>
  return Boolean(session?.session && session.user) && typeof expiresAt === "number"
}

/** What Better Auth has just written, or null when it was cut on the way. */
function decode(value: string): Copy | null {
  try {
    const copy: unknown = JSON.parse(Buffer.from(value, "base64url").toString())
    return isCopy(copy) ? copy : null
  } catch {
    // A piece of a copy.
    return null
  }
}

/**
 * The same copy, smaller, and signed.
 * @param value what Better Auth has just written; nothing that came from a browser
 * @returns null when it is not whole
 */
export function smallCopy(value: string, secret: string): string | null {
  const copy = decode(value)
  if (!copy) return null
  const { session, user, updatedAt, version } = copy.session
  const rows = { ...smaller({ session, user }), updatedAt, version }
  const { expiresAt } = copy
  const text = JSON.stringify({ ...rows, expiresAt })
  const signature = createHmac("sha256", secret).update(text).digest("base64url")
  return Buffer.from(JSON.stringify({ session: rows, expiresAt, signature })).toString("base64url")
}
