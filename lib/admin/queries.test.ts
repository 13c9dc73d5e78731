import { eq } from "drizzle-orm"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { db } from "@/lib/db"
import { activity, session, user } from "@/lib/db/schema"
import { returnToHeader } from "@/lib/routes"
import { requireAdmin } from "@/lib/session"
import { giveRole, signedUpAdmin } from "@/lib/testing/admin"
import { type Browser, signedUp } from "@/lib/testing/browser"
import { getUser, listUsers } from "./queries"
import { activityPageSize } from "./reads"
import { readUserQuery, usersHref } from "./view"

// Next's edge: what a request carries. Everything behind it is real.
const request = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({ set: () => {} }),
}))

function comeAs({ cookies }: Pick<Browser, "cookies">) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  request.headers = new Headers({ cookie, [returnToHeader]: "/admin/users?sort=name" })
}

/** How a page ends for this reader: Next's own signals. */
const endOf = (work: Promise<unknown>) =>
  work.then(
    () => "shown",
    (error: { digest?: string }) => error.digest ?? String(error),
  )
const notFound = "NEXT_HTTP_ERROR_FALLBACK;404"

const reads: [name: string, read: () => Promise<unknown>][] = [
  ["requireAdmin", requireAdmin],
  ["listUsers", () => listUsers(readUserQuery({}))],
  ["getUser", () => getUser("anyone")],
]

beforeEach(() => {
  request.headers = new Headers()
})

describe.each(reads)("%s", (_name, read) => {
  it("is there for administrators", async () => {
    comeAs((await signedUpAdmin()).browser)
    expect(await endOf(read())).toBe("shown")
  })

  it("is not there for users", async () => {
    comeAs((await signedUp()).browser)
    expect(await endOf(read())).toBe(notFound)
  })

  it("leads a visitor to sign in, and back", async () => {
    request.headers = new Headers({ [returnToHeader]: "/admin/users?sort=name" })
    expect(await endOf(read())).toContain("/sign-in?callbackUrl=%2Fadmin%2Fusers%3Fsort%3Dname")
  })

  it("does not believe the cookies of who was demoted, banned or signed out", async () => {
    const demoted = await signedUpAdmin()
    await giveRole(demoted.userId, "user")
    comeAs(demoted.browser)
    expect(await endOf(read())).toBe(notFound)

    const banned = await signedUpAdmin()
    await db.update(user).set({ banned: true }).where(eq(user.id, banned.userId))
    comeAs(banned.browser)
    expect(await endOf(read())).toContain("/sign-in")

    const ended = await signedUpAdmin()
    await db.delete(session).where(eq(session.id, ended.sessionId))
    comeAs(ended.browser)
    expect(await endOf(read())).toContain("/sign-in")
  })

  it("is not there for who sees the app as somebody else", async () => {
    const { browser } = await signedUpAdmin()
    const { userId } = await signedUp()
    await browser.post("/admin/impersonate-user", { userId })
    comeAs(browser)
    expect(await endOf(read())).toBe(notFound)
  })
})

describe("one user", () => {
  it("has sessions and activity, and no token among them", async () => {
    const admin = await signedUpAdmin()
    const target = await signedUp()
    const { browser } = await signedUpAdmin()
    await browser.post("/admin/impersonate-user", { userId: target.userId })
    const details = {
      name: null,
      userAgent: "curl/8.5.0",
      ipAddress: "203.0.113.7",
      city: "Paris",
      country: "FR",
      signInMethod: "password",
      createdAt: "2026-01-01T00:00:00.000Z",
      lastActiveAt: "2026-01-01T00:00:00.000Z",
    }
    const event = { userId: target.userId, actor: "admin", actorId: admin.userId }
    await db.insert(activity).values([
      { ...event, kind: "role-changed", detail: { from: "user", to: "admin" } },
      {
        ...event,
        kind: "session-revoked",
        sessionId: "x",
        detail: { session: details, reason: "admin" },
      },
    ])
    comeAs(admin.browser)
    const found = await getUser(target.userId)
    expect(found?.user).toMatchObject({ email: target.email, role: "user", ban: null })
    expect(found?.sessions.map(({ impersonated }) => impersonated).sort()).toEqual([false, true])
    const ended = found?.activity.items.find(({ session }) => session?.id === "x")
    expect(ended).toMatchObject({
      kind: "session-revoked",
      actor: "admin",
      reason: "admin",
      from: null,
      session: { location: { city: "Paris", country: "FR" }, current: false },
      by: { id: admin.userId, name: "Ana" },
    })
    const changed = found?.activity.items.find(({ kind }) => kind === "role-changed")
    expect(changed?.detail).toMatchObject({ from: "user", to: "admin" })
    const text = JSON.stringify(found)
    expect(text).not.toContain(target.browser.token())
    expect(text).not.toMatch(/token/i)
  })

  it("has its activity page by page and part by part, with who is gone by id alone", async () => {
    const target = await signedUp()
    const event = { userId: target.userId, actor: "admin", actorId: "gone", kind: "user-unbanned" }
    await db.insert(activity).values(Array.from({ length: activityPageSize + 1 }, () => event))
    comeAs((await signedUpAdmin()).browser)
    const first = (await getUser(target.userId, { filter: "account" }))?.activity
    expect(first?.items).toHaveLength(activityPageSize)
    expect(first?.items[0]?.by).toEqual({ id: "gone", name: null })
    const before = first?.older ?? 0
    const last = (await getUser(target.userId, { filter: "account", before }))?.activity
    expect(last).toMatchObject({ items: [{ kind: "user-unbanned" }], older: null })
    const others = (await getUser(target.userId, { filter: "sign-ins" }))?.activity
    expect(others?.items.map(({ kind }) => kind)).not.toContain("user-unbanned")
    expect(others?.items.length).toBeGreaterThan(0)
  })

  it("is null when there is none, whatever the address holds", async () => {
    comeAs((await signedUpAdmin()).browser)
    for (const id of ["nobody", "\u0000", "../..", "x".repeat(10_000), "' or 1=1"]) {
      expect(await getUser(id)).toBeNull()
    }
  })
})

describe("the address of a list", () => {
  it("is read, and written back the same", () => {
    for (const href of [
      "/admin/users",
      "/admin/users?search=ana+m&sort=email&after=abc",
      "/admin/users?sort=name&before=abc",
      "/admin/users?page=last",
    ]) {
      const query = readUserQuery(
        Object.fromEntries(new URL(href, "http://localhost").searchParams),
      )
      expect(usersHref(query)).toBe(href)
    }
  })

  it("is taken for what it can be", () => {
    expect(readUserQuery({ search: ["a", "b"], sort: "salary", page: "7" })).toEqual({
      search: "",
      sort: "newest",
      page: "first",
    })
    expect(readUserQuery({ search: " a\u0000\nb " }).search).toBe("ab")
    expect(readUserQuery({ search: "x".repeat(200) }).search).toHaveLength(100)
  })
})
