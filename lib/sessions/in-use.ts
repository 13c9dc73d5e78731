/**
 * What a session in use costs the database: one UPDATE, however many readers ask at once and on
 * however many servers. Only `GET /get-session` may call this, since a moved end needs a new cookie.
 */
import type { GenericEndpointContext } from "better-auth"
import { expiryOf, policy } from "./policy"
import type { SessionRow } from "./view"

/** Not worth a write, in milliseconds: two moments that Better Auth took one after the other. */
const smallestGain = 1_000

/** How long the outcome of a write is handed to readers who had read the row before it, in milliseconds. */
const memory = 1_000

const writes = new Map<string, Promise<unknown>>()

/** Does `write` once for all who ask for `key` about now. */
function once<T>(key: string, write: () => Promise<T>): Promise<T> {
  const begun = writes.get(key)
  // A key is only ever used for one kind of write.
  if (begun !== undefined) return begun as Promise<T>
  const forget = () => writes.delete(key)
  const writing = write()
  writes.set(key, writing)
  writing.then(() => setTimeout(forget, memory).unref(), forget)
  return writing
}

/** The session's new end, or null when it is not time for one. */
function nextEnd(session: SessionRow, now: Date): Date | null {
  // An administrator's look at somebody's account ends when it was to end.
  if (session.impersonatedBy) return null
  const { createdAt, expiresAt: end } = session
  const next = expiryOf({ createdAt, now, isRemembered: session.remembered !== false })
  const extendedAt = end.getTime() - policy.idle * 1000
  const isDue = extendedAt + policy.updateAge * 1000 <= now.getTime()
  return isDue && next.getTime() - end.getTime() >= smallestGain ? next : null
}

/**
 * Moves the session's end, as far as the limits allow, when `updateAge` has passed.
 * @returns its row as it is now; undefined when it was not time; null when it was ended in the meantime
 */
export async function extendSession(
  { context }: GenericEndpointContext,
  session: SessionRow,
): Promise<SessionRow | null | undefined> {
  const now = new Date()
  const expiresAt = nextEnd(session, now)
  if (!expiresAt) return undefined
  const { id, expiresAt: end } = session
  return once(`${id} ${end.getTime()}`, async () => {
    const byId = { field: "id", value: id }
    const written = await context.adapter.update<SessionRow>({
      model: "session",
      // Unless another server was faster. (A date of the database's own may be a part of a millisecond later.)
      where: [byId, { field: "expiresAt", value: new Date(end.getTime() + 1), operator: "lt" }],
      // Together, or a session could seem to have been idle for longer than it may be.
      update: { expiresAt, updatedAt: now, lastActiveAt: now },
    })
    return written ?? context.adapter.findOne<SessionRow>({ model: "session", where: [byId] })
  })
}

/** Notes that a session is in use, at most once per cache life: one small UPDATE, after the answer. */
export async function touchSession(
  { context }: GenericEndpointContext,
  session: SessionRow,
): Promise<void> {
  const cacheLife = policy.cacheMaxAge * 1000
  const { id, lastActiveAt } = session
  if (Date.now() - lastActiveAt.getTime() < cacheLife) return
  const touch = () =>
    context.adapter.updateMany({
      model: "session",
      where: [
        { field: "id", value: id },
        { field: "lastActiveAt", value: new Date(Date.now() - cacheLife), operator: "lt" },
      ],
      update: { lastActiveAt: new Date() },
    })
  await context.runInBackgroundOrAwait(once(`${id} seen ${lastActiveAt.getTime()}`, touch))
}
