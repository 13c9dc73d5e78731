import { describe, expect, it } from "vitest"
import { type ActivityRow, toActivityItem, toFullActivityItem } from "./to-view"

const macChrome =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
const iphoneSafari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"

const session = {
  name: "Ana's phone",
  userAgent: iphoneSafari,
  ipAddress: "198.51.100.4",
  city: "Lyon",
  country: "FR",
  signInMethod: "password",
  createdAt: "2026-11-01T10:00:00.000Z",
  lastActiveAt: "2026-11-02T10:00:00.000Z",
}

const row: ActivityRow = {
  id: 12,
  at: new Date("2026-11-03T10:00:00.000Z"),
  userId: "ana",
  kind: "session-revoked",
  actor: "user",
  actorId: null,
  sessionId: "phone",
  ipAddress: "203.0.113.7",
  userAgent: macChrome,
  city: "Paris",
  country: "FR",
  detail: { session, reason: "user" },
  transaction: "900",
}

describe("toActivityItem", () => {
  it("has exactly the fields of ActivityItem, of the session too", () => {
    const item = toActivityItem(row, "laptop")
    expect(item).toEqual({
      id: 12,
      at: row.at,
      kind: "session-revoked",
      actor: "user",
      reason: "user",
      from: {
        device: { type: "desktop", browser: "Chrome", os: "macOS", label: "Chrome on macOS" },
        ipAddress: "203.0.113.7",
        location: { city: "Paris", country: "FR" },
      },
      session: {
        id: "phone",
        name: "Ana's phone",
        device: { type: "mobile", browser: "Safari", os: "iOS", label: "Safari on iPhone" },
        ipAddress: "198.51.100.4",
        location: { city: "Lyon", country: "FR" },
        createdAt: new Date("2026-11-01T10:00:00.000Z"),
        current: false,
      },
      detail: { from: null, to: null, banReason: null, banExpires: null },
    })
  })

  it("lets nothing out that it does not know, neither of a row nor of its detail", () => {
    const more = {
      ...row,
      token: "secret-1",
      detail: { session: { ...session, token: "secret-2" }, token: "secret-3" },
    }
    expect(JSON.stringify(toActivityItem(more, "laptop"))).not.toContain("secret")
  })

  it("knows the reader's own session", () => {
    expect(toActivityItem(row, "phone").session?.current).toBe(true)
  })

  it("says of an administrator neither who nor where they are", () => {
    const byAdmin = { ...row, actor: "admin", actorId: "the-admin" }
    const item = toActivityItem(byAdmin, "laptop")
    expect(item.from).toBeNull()
    expect(item.session?.ipAddress).toBe("198.51.100.4")
    expect(JSON.stringify(item)).not.toMatch(/the-admin|203\.0\.113\.7|Paris/)
  })

  it("says both to administrators, and only to them", () => {
    const byAdmin = { ...row, actor: "admin", actorId: "the-admin" }
    const full = toFullActivityItem(byAdmin, "laptop")
    expect(full).toMatchObject({ actorId: "the-admin", from: { ipAddress: "203.0.113.7" } })
    expect(full.session?.ipAddress).toBe("198.51.100.4")
    expect(toActivityItem(byAdmin, "laptop")).not.toHaveProperty("actorId")
  })

  it.each(["impersonation-started", "impersonation-ended"])(
    "says of %s nothing of the session, which is an administrator's",
    (kind) => {
      const item = toActivityItem({ ...row, kind, actor: "admin", actorId: "the-admin" }, "laptop")
      expect(item).toMatchObject({ from: null, session: null })
    },
  )

  it("has no place for what nobody did, and no empty parts for what was not recorded", () => {
    const nowhere = { userAgent: null, ipAddress: null, city: null, country: null }
    const expired = { ...row, ...nowhere, kind: "session-expired", actor: "system", detail: {} }
    expect(toActivityItem(expired, "laptop")).toMatchObject({ from: null, session: null })
    const partly = toActivityItem({ ...row, ...nowhere, userAgent: "", city: "Paris" }, "laptop")
    expect(partly.from).toEqual({
      device: { type: "unknown", browser: null, os: null, label: "Unknown device" },
      ipAddress: null,
      location: { city: "Paris", country: null },
    })
  })

  it("takes an actor it does not know for the system", () => {
    expect(toActivityItem({ ...row, actor: "cron" }, "laptop").actor).toBe("system")
  })
})
