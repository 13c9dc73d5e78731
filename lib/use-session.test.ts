import { describe, expect, it } from "vitest"
import type { SessionData } from "./sessions/view"
import { laterSession } from "./use-session"

/** A session that began at `began`, with a user last changed at `changed`. */
const state = (began: number, changed: number): SessionData => ({
  session: {
    id: `session-${began}`,
    userId: "user",
    expiresAt: new Date(10_000),
    createdAt: new Date(began),
    updatedAt: new Date(began),
    ipAddress: null,
    userAgent: null,
  },
  user: {
    id: "user",
    name: `Ana ${changed}`,
    email: "ana@example.com",
    emailVerified: true,
    image: null,
    createdAt: new Date(0),
    updatedAt: new Date(changed),
  },
})

describe("laterSession", () => {
  it("takes what the server read while nothing else is known", () => {
    expect(laterSession(undefined, null)).toBeNull()
    expect(laterSession(undefined, state(1, 1))).toEqual(state(1, 1))
    expect(laterSession(undefined, undefined)).toBeUndefined()
  })

  it("keeps what the browser has heard since the page was made", () => {
    expect(laterSession(state(1, 2), state(1, 1))).toEqual(state(1, 2))
    expect(laterSession(state(1, 2), undefined)).toEqual(state(1, 2))
    expect(laterSession(null, null)).toBeNull()
  })

  it("takes a user that was changed later", () => {
    expect(laterSession(state(1, 1), state(1, 2))).toEqual(state(1, 2))
  })

  it("does not guess between two sessions, or a session and none", () => {
    // Back from an impersonation the older one is right; after a sign-in the younger.
    expect(laterSession(state(2, 1), state(1, 9))).toBeUndefined()
    expect(laterSession(state(1, 5), state(2, 5))).toBeUndefined()
    expect(laterSession(null, state(1, 1))).toBeUndefined()
    expect(laterSession(state(1, 1), null)).toBeUndefined()
  })
})
