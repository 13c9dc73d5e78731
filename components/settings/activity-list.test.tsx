import { renderToStaticMarkup } from "react-dom/server"
import { describe, expect, it } from "vitest"
import type { ActivityRow } from "@/lib/activity/to-view"
import { toActivityItem } from "@/lib/activity/to-view"
import { mostEndings } from "@/lib/activity/view"
import { ActivityList } from "./activity-list"
import { EndedSessionsCard } from "./ended-sessions-card"

/** What an attacker can write: a user agent, a device's name, and headers a proxy lets through. */
const attack = '<img src=x onerror="alert(1)">'

const row: ActivityRow = {
  id: 1,
  at: new Date("2026-11-03T10:00:00.000Z"),
  userId: "ana",
  kind: "session-revoked",
  actor: "user",
  actorId: null,
  sessionId: "phone",
  ipAddress: attack,
  userAgent: `${attack}/5.0 (X11)`,
  city: attack,
  country: attack,
  detail: {
    reason: attack,
    session: {
      name: attack,
      userAgent: `${attack}/5.0 (X11)`,
      ipAddress: attack,
      city: attack,
      country: attack,
      signInMethod: attack,
      createdAt: "2026-11-01T10:00:00.000Z",
      lastActiveAt: "2026-11-01T10:00:00.000Z",
    },
  },
  transaction: "1",
}

const items = [
  toActivityItem(row, "laptop"),
  toActivityItem(
    { ...row, id: 2, kind: "user-banned", detail: { banReason: attack, banExpires: attack } },
    "laptop",
  ),
  toActivityItem(
    { ...row, id: 3, kind: "role-changed", detail: { from: attack, to: attack } },
    "laptop",
  ),
]

describe("what an attacker wrote", () => {
  it.each([
    ["the activity", <ActivityList key="list" items={items} serverNow={0} />],
    ["the ended sessions", <EndedSessionsCard key="card" endings={items} serverNow={0} />],
  ])("stays text in %s", (_name, element) => {
    const html = renderToStaticMarkup(element)
    expect(html).toContain("&lt;img src=x")
    expect(html).not.toContain("<img")
  })
})

describe("the ended sessions", () => {
  const htmlWith = (count: number) => {
    const endings = Array.from({ length: count }, (_, id) =>
      toActivityItem({ ...row, id }, "laptop"),
    )
    return renderToStaticMarkup(<EndedSessionsCard endings={endings} serverNow={0} />)
  }

  it("are all there up to a number, and more are in the activity", () => {
    const [all, some] = [htmlWith(mostEndings), htmlWith(mostEndings + 1)]
    expect(all.match(/<li/g)).toHaveLength(mostEndings)
    expect(all).not.toContain("and more")
    expect(some.match(/Ended <time/g)).toHaveLength(mostEndings)
    expect(some).toMatch(/200 sessions.* and more/)
    expect(some).toContain('href="/settings/security/activity?show=sign-outs"')
  })
})
