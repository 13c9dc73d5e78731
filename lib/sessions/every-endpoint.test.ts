/**
 * A session that is over, at every endpoint, whatever its cookies are spelt like: nothing of it is written or
 * answered, even when no server hears of its end. First of all it needs a database of its own.
 */
import "@/lib/testing/own-database"
import { eq, sql } from "drizzle-orm"
import fc from "fast-check"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { auth } from "@/lib/auth"
import { handleAuth } from "@/lib/auth/handler"
import { clientAddressHeader } from "@/lib/client-address"
import { db } from "@/lib/db"
import { account, session, user } from "@/lib/db/schema"
import { env } from "@/lib/env"
import { type Browser, signedUp } from "@/lib/testing/browser"
import { cookieHeaders, copyName, tokenName } from "@/lib/testing/cookie-headers"
import { forgedCopy, signedCopy } from "@/lib/testing/copies"

const cookieOf = (browser: Browser, name: string) => browser.cookies.get(name) ?? ""
/** A copy in every state that one can be in. */
const states = (copy: string, foreign: string) => [
  copy,
  foreign,
  signedCopy(copy, (it) => ({ ...it, expiresAt: Date.now() - 1 })),
  // Near its end, which is when it is renewed.
  signedCopy(copy, (it) => ({ ...it, expiresAt: Date.now() + 20_000 })),
  signedCopy(copy, (it) => ({
    ...it,
    session: { ...it.session, updatedAt: 9e15 },
    expiresAt: 9e15,
  })),
  signedCopy(copy, (it) => ({ ...it, session: { ...it.session, session: {} } })),
  forgedCopy(copy, (it) => ({ ...it, expiresAt: 9e15 })),
]

/** Everything that is served, with a body that is good enough to get past the look at the body. */
const endpoints = Object.values(
  auth.api as unknown as Record<string, { path?: string; options?: { method: string | string[] } }>,
).flatMap(({ path, options }) =>
  path && options ? [options.method].flat().map((method) => ({ path, method })) : [],
)
const body = (path: string) => ({
  name: "Eve",
  id: "x",
  token: "x",
  userId: "x",
  role: "admin",
  currentPassword: "x",
  newPassword: "another horse battery",
  // No endpoint takes this one, so that nobody is signed in or up by address.
  ...(path === "/update-user" ? {} : { email: "x", password: "x" }),
})

async function call({ path, method }: { path: string; method: string }, cookie: string) {
  const response = await handleAuth(
    new Request(`${env.BETTER_AUTH_URL}/api/auth${path.replaceAll(/:\w+/g, "x")}`, {
      method,
      headers: {
        cookie,
        origin: env.BETTER_AUTH_URL,
        [clientAddressHeader]: "192.0.2.1",
        ...(method === "GET" ? {} : { "content-type": "application/json" }),
      },
      ...(method === "GET" ? {} : { body: JSON.stringify(body(path)) }),
    }),
  )
  const set = response.headers.getSetCookie()
  return { status: response.status, text: await response.text(), set }
}

const everything = async () =>
  JSON.stringify(
    await Promise.all([user, session, account].map((table) => db.select().from(table))),
  )

/** Ends a session as a restored backup would: no server hears of it. */
const endSilently = (id: string) =>
  db.transaction(async (tx) => {
    await tx.delete(session).where(eq(session.id, id))
    await tx.execute(sql`delete from session_invalidation`)
  })

let token: string
let copy: string
let headers: fc.Arbitrary<string>
beforeAll(async () => {
  const [mine, theirs] = [await signedUp(), await signedUp()]
  copy = cookieOf(mine.browser, copyName)
  token = cookieOf(mine.browser, tokenName)
  const values = states(copy, cookieOf(theirs.browser, copyName))
  const odd = cookieHeaders([token, ...values])
  // A good token first, more often than chance would have it.
  headers = fc
    .tuple(fc.boolean(), odd)
    .map(([isSignedIn, rest]) => (isSignedIn ? `${tokenName}=${token}; ${rest}` : rest))
  await endSilently(mine.sessionId)
})

beforeEach(() => {
  // Better Auth reports every cookie and every body that it does not understand.
  for (const level of ["warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(() => {})
  }
})

describe("a session that is over", () => {
  it("changes nothing and is renewed by nothing, at any endpoint", async () => {
    expect(endpoints.length).toBeGreaterThan(30)
    const before = await everything()
    const plain = new Map<object, Awaited<ReturnType<typeof call>>>()
    for (const endpoint of endpoints)
      plain.set(endpoint, await call(endpoint, `${tokenName}=${token}`))
    const refused = [...plain.values()].filter(({ status }) => status === 401)
    expect(refused.length).toBeGreaterThan(12)
    await fc.assert(
      fc.asyncProperty(headers, async (cookie) => {
        for (const endpoint of endpoints) {
          const answer = await call(endpoint, cookie)
          const where = `${endpoint.method} ${endpoint.path}`
          expect([where, answer.status]).toEqual([where, plain.get(endpoint)?.status])
          for (const set of answer.set) expect(set).not.toMatch(/session_(data|token)[^=]*=[^;]/)
          if (endpoint.path !== "/get-session") expect(answer.text).toBe(plain.get(endpoint)?.text)
        }
      }),
      { numRuns: 25 },
    )
    expect(await everything()).toBe(before)
  }, 180_000)

  it("is answered from a good copy until that lapses, by both readers or by none", async () => {
    let believed = 0
    await fc.assert(
      fc.asyncProperty(headers, async (cookie) => {
        const { status, text, set } = await call({ path: "/get-session", method: "GET" }, cookie)
        expect(status).toBe(200)
        const data = JSON.parse(text)
        const read = await auth.api.getSession({ headers: new Headers({ cookie }) })
        if (!data) return
        believed += 1
        expect(read?.session.id).toBe(data.session.id)
        expect(set.filter((header) => !/; Max-Age=0/.test(header))).toEqual([])
      }),
      { numRuns: 500 },
    )
    expect(believed).toBeGreaterThan(0)
  }, 60_000)

  it.each([
    ["as it is", (value: string) => `${copyName}=${value}`],
    ["with a space before the equals sign", (value: string) => `${copyName} =${value}`],
    ["in quotes", (value: string) => `\t${copyName}="${value}"`],
    [
      "in pieces",
      (value: string) => `${copyName}.1=${value.slice(9)}; ${copyName}.0=${value.slice(0, 9)}`,
    ],
  ])("is refused to code in every way of calling, its copy %s", async (_how, spell) => {
    const cookie = `${tokenName}=${token}; ${spell(copy)}`
    const url = `${env.BETTER_AUTH_URL}/api/auth/update-user`
    const request = new Request(url, { method: "POST", headers: { cookie } })
    const ways = [
      { headers: new Headers({ cookie }) },
      { headers: { cookie } },
      { request },
      { request, headers: new Headers({ cookie }) },
    ]
    for (const way of ways) {
      const update = auth.api.updateUser as unknown as (call: object) => Promise<unknown>
      const refused = update({ ...way, body: { name: "Eve" }, asResponse: false })
      await expect(refused).rejects.toMatchObject({ statusCode: 401 })
    }
  })
})
