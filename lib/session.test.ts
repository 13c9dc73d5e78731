import { eq, sql } from "drizzle-orm"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { db } from "./db"
import { session } from "./db/schema"
import { env } from "./env"
import { handSession, withSession } from "./session"
import { signedUpAdmin } from "./testing/admin"
import { type Browser, signedUp } from "./testing/browser"
import { cutDatabase } from "./testing/outage"

// Next's edge: what a request carries. Everything behind it is real.
const request = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({ set: () => {} }),
}))

const handler = withSession(async (_request, { user }) => Response.json({ name: user.name }))

function call(init: RequestInit = {}, of = handler) {
  const headers = new Headers([...request.headers, ...new Headers(init.headers)])
  return of(new Request(env.BETTER_AUTH_URL, { ...init, headers }), {})
}

function comeAs({ cookies }: Pick<Browser, "cookies">) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  request.headers = new Headers({ cookie })
}

async function signIn() {
  const { browser, sessionId } = await signedUp()
  comeAs(browser)
  return { sessionId }
}

beforeEach(() => {
  request.headers = new Headers()
})

describe("withSession", () => {
  it("answers 401 with exactly this body when signed out", async () => {
    const response = await call()
    expect(response.status).toBe(401)
    expect(await response.text()).toBe('{"error":"Unauthorized"}')
    expect(response.headers.get("cache-control")).toBe("no-store")
  })

  it("runs the handler with the session, and its answer must not be stored", async () => {
    await signIn()
    const response = await call()
    expect(await response.json()).toEqual({ name: "Ana" })
    expect(response.headers.get("cache-control")).toBe("no-store")
  })

  it("refuses a change that another site asks for, and one that a form could send", async () => {
    await signIn()
    const json = { "content-type": "application/json" }
    const post = (headers: Record<string, string>) => call({ method: "POST", headers, body: "{}" })
    expect((await post({ ...json, origin: "https://evil.example" })).status).toBe(403)
    expect((await post(json)).status).toBe(403)
    const own = { origin: env.BETTER_AUTH_URL }
    expect((await post({ ...own, "content-type": "text/plain" })).status).toBe(415)
    expect((await post({ ...own, "content-type": "application/json; charset=utf-8" })).status).toBe(
      200,
    )
  })

  it("does not let a signed-out device change anything, its cached session notwithstanding", async () => {
    const { sessionId } = await signIn()
    await db.delete(session).where(eq(session.id, sessionId))
    expect((await call()).status).toBe(200)
    const headers = { "content-type": "application/json", origin: env.BETTER_AUTH_URL }
    expect((await call({ method: "POST", headers, body: "{}" })).status).toBe(401)
  })

  it("lets an administrator see the app as a user, and change nothing", async () => {
    const { browser } = await signedUpAdmin()
    const { userId } = await signedUp()
    await browser.post("/admin/impersonate-user", { userId })
    comeAs(browser)
    const holder = withSession((_request, { user, session: { impersonatedBy } }) =>
      Response.json({ id: user.id, seen: Boolean(impersonatedBy) }),
    )
    const seen = await call({}, holder)
    expect([seen.status, await seen.json()]).toEqual([200, { id: userId, seen: true }])
    const headers = { "content-type": "application/json", origin: env.BETTER_AUTH_URL }
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const refused = await call({ method, headers, body: "{}" }, holder)
      expect([refused.status, await refused.text()]).toEqual([403, '{"error":"Forbidden"}'])
    }
  })

  it("passes on a redirect, whose headers cannot be changed", async () => {
    await signIn()
    const redirecting = withSession(() => Response.redirect(`${env.BETTER_AUTH_URL}/dashboard`))
    const response = await call({}, redirecting)
    expect(response.status).toBe(302)
    expect(response.headers.get("cache-control")).toBe("no-store")
  })

  it("lets a bug in the handler be a bug", async () => {
    await signIn()
    const broken = withSession(() => {
      throw new Error("a bug")
    })
    await expect(call({}, broken)).rejects.toThrow("a bug")
  })
})

describe("handSession", () => {
  it("hands over what is known at once, so that the server's HTML shows it", async () => {
    expect(await handSession()).toEqual({ session: null })
    const { sessionId } = await signIn()
    const { session: handed } = await handSession()
    expect(handed).toMatchObject({ session: { id: sessionId } })
  })

  it("hands over a promise when reading takes long, and holds nothing up", async () => {
    const { sessionId } = await signIn()
    // Only the token: this read needs the database, which somebody else is keeping busy.
    const [token = ""] = (request.headers.get("cookie") ?? "").split("; ")
    request.headers = new Headers({ cookie: token })
    let release = () => {}
    let busy: Promise<void> | undefined
    await new Promise<void>((locked) => {
      busy = db.transaction(async (tx) => {
        await tx.execute(sql`lock table session in access exclusive mode`)
        locked()
        await new Promise<void>((go) => {
          release = go
        })
      })
    })
    const { session: handed } = await handSession()
    expect(handed).toBeInstanceOf(Promise)
    release()
    expect(await handed).toMatchObject({ session: { id: sessionId } })
    await busy
  })

  it("hands over nothing, never a signed-out user, when the database does not answer", async () => {
    await signIn()
    const [token = ""] = (request.headers.get("cookie") ?? "").split("; ")
    request.headers = new Headers({ cookie: token })
    vi.spyOn(console, "error").mockImplementation(() => {})
    const restore = cutDatabase("ECONNREFUSED")
    try {
      expect(await handSession()).toEqual({ session: undefined })
    } finally {
      restore()
    }
  })
})
