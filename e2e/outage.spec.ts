/** What a server does while its database cannot be reached, answers too slowly, or comes back. */
import postgres from "postgres"
import { freePort } from "../scripts/lib/app-server"
import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { Link } from "./support/link"
import { newDataDir, Server } from "./support/server"
import { tokenCookie, Visitor } from "./support/visitor"

const databaseUrl = process.env.DATABASE_URL

// The embedded database is inside the server: there is nothing between them that could fail.
if (databaseUrl) {
  let link: Link
  let server: Server
  let visitor: Visitor
  let email: string

  test.beforeAll(async () => {
    link = await Link.open(databaseUrl, await freePort())
    server = await Server.start({ DATABASE_URL: link.url, DATA_DIR: newDataDir() })
    await server.expectHealth(200)
  })

  test.afterAll(async () => {
    await server.kill()
    await link.cut()
  })

  test.beforeEach(async () => {
    await link.mend()
    await server.expectHealth(200)
    email = newAccount().email
    visitor = new Visitor(server.url)
    await visitor.signUp(email)
  })

  test.afterEach(() => {
    const token = visitor.cookies.get(tokenCookie)?.split(".")[0] ?? "no token"
    expect(server.output).not.toContain(token)
    expect(server.output).not.toContain(email)
  })

  /** The answers of everything that needs the database. */
  const needy = () => ({
    me: () => visitor.request("/api/me"),
    session: () => visitor.request("/api/auth/get-session"),
    list: () => visitor.request("/api/auth/list-sessions"),
    update: () => visitor.post("/update-user", { name: "Eve" }),
    signOut: () => visitor.post("/sign-out"),
    signIn: () => new Visitor(server.url).post("/sign-in/email", { email, password: "x" }),
  })

  async function expectUnavailable() {
    for (const [what, ask] of Object.entries(needy())) {
      const began = performance.now()
      const response = await ask()
      expect([what, response.status]).toEqual([what, 503])
      expect(response.headers.get("retry-after")).toBe("1")
      expect(response.headers.getSetCookie()).toEqual([])
      expect(performance.now() - began).toBeLessThan(3_000)
    }
  }

  test("warm sessions are read on while the database is away", async () => {
    await link.cut()
    for (let read = 0; read < 5; read++) {
      expect((await visitor.request("/api/me")).status).toBe(200)
      expect((await visitor.request("/api/auth/get-session")).status).toBe(200)
    }
    const page = await visitor.request("/settings/profile")
    expect(page.status).toBe(200)
    expect(await page.text()).toContain(email)
  })

  test("cold sessions are 503, never signed out, and are read again when it is back", async () => {
    const token = visitor.cookies.get(tokenCookie)
    await link.cut()
    visitor.lapse()
    await expectUnavailable()
    const page = await visitor.request("/dashboard")
    expect([500, 503]).toContain(page.status)
    expect(page.headers.get("location")).toBeNull()
    expect(visitor.cookies.get(tokenCookie)).toBe(token)

    await link.mend()
    await server.expectHealth(200)
    expect((await visitor.request("/api/me")).status).toBe(200)
    // The sign-out that was refused has not happened, and now it does.
    expect((await visitor.post("/sign-out")).status).toBe(200)
    expect((await visitor.request("/api/me")).status).toBe(401)
  })

  test("a page that cannot be read says so calmly, and comes back with a retry", async ({
    page,
    allowErrors,
  }) => {
    allowErrors(/500|503|#441/)
    const value = visitor.cookies.get(tokenCookie) ?? ""
    await page.context().addCookies([{ name: tokenCookie, value, url: server.url }])
    await link.cut()
    await page.goto(`${server.url}/settings/security`)
    await expect(page.getByText(/temporarily unavailable/i)).toBeVisible()
    expect(new URL(page.url()).pathname).toBe("/settings/security")
    await link.mend()
    await server.expectHealth(200)
    await page.getByRole("button", { name: /try again/i }).click()
    await expect(page.getByRole("heading", { name: "Security", level: 1 })).toBeVisible()
  })

  test("a database that hangs is answered for within 3 seconds", async () => {
    visitor.lapse()
    link.stall()
    await expectUnavailable()
    await link.mend()
    await server.expectHealth(200)
    expect((await visitor.request("/api/me")).status).toBe(200)
  })

  test("cut connections cost a reader nothing but a retry", async () => {
    visitor.lapse()
    const admin = postgres(databaseUrl, { max: 1 })
    await admin`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    await admin.end()
    expect((await visitor.request("/api/me")).status).toBe(200)
  })

  test("an exhausted pool is never taken for a signed-out user", async () => {
    visitor.lapse()
    const token = visitor.cookies.get(tokenCookie) ?? ""
    const admin = postgres(databaseUrl, { max: 1 })
    const release = await new Promise<() => void>((locked) => {
      admin
        .begin(async (sql) => {
          await sql`lock table session in access exclusive mode`
          await new Promise<void>((resolve) => locked(resolve))
        })
        .catch(() => {})
    })
    const cookie = `${tokenCookie}=${token}`
    const paths = ["/api/me", "/api/auth/list-sessions"]
    const reads = Array.from({ length: 60 }, (_, index) =>
      fetch(`${server.url}${paths[index % 2]}`, { headers: { cookie } }),
    )
    const statuses = (await Promise.all(reads)).map(({ status }) => status)
    release()
    await admin.end()
    expect(new Set(statuses)).toEqual(new Set([503]))
    await expect.poll(async () => (await visitor.request("/api/me")).status).toBe(200)
  })
}
