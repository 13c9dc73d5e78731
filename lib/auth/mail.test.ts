/** The flows that go by mail, over a real SMTP server and through the outbox. */
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { SMTPServer } from "smtp-server"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"

import { hours } from "@/lib/time"

type Received = { to: string; text: string }

const mails: Received[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onData(stream, session, done) {
    let raw = ""
    stream.on("data", (chunk) => {
      raw += chunk
    })
    stream.on("end", () => {
      const text = raw.replace(/=\r\n/g, "").replace(/=3D/g, "=")
      mails.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), text })
      done()
    })
  },
})

type Testing = typeof import("@/lib/testing/browser")
let testing: Testing

beforeAll(async () => {
  server.listen(0, "127.0.0.1")
  await once(server.server, "listening")
  const { port } = server.server.address() as AddressInfo
  vi.stubEnv("SMTP_URL", `smtp://127.0.0.1:${port}`)
  vi.resetModules()
  testing = await import("@/lib/testing/browser")
  const { openDatabase } = await import("@/lib/db/migrate")
  await openDatabase()
})

afterAll(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

/** The mail to `address` whose text matches, once it has arrived. */
async function mailTo(address: string, pattern: RegExp): Promise<string> {
  const find = () => mails.find(({ to, text }) => to === address && pattern.test(text))
  await expect.poll(() => find() !== undefined, { timeout: 10_000 }).toBe(true)
  return find()?.text ?? ""
}

const linkIn = (text: string) => {
  const url = new URL(/https?:\/\/\S+/.exec(text)?.[0] ?? "")
  return `${url.pathname.replace("/api/auth", "")}${url.search}`
}

describe("with a mail server", () => {
  it("an address is verified before the first sign-in", async () => {
    const { newBrowser, newEmail } = testing
    const email = newEmail()
    const browser = newBrowser()
    const signedUp = await browser.signUp(email)
    expect(signedUp.status).toBe(200)
    expect(browser.cookies.size).toBe(0)
    const early = await browser.signIn(email)
    expect(early.status).toBe(403)
    expect(await early.json()).toMatchObject({ code: "EMAIL_NOT_VERIFIED" })

    const link = linkIn(await mailTo(email, /confirm/i))
    const verified = await browser.call(`${link}`)
    expect(verified.status).toBe(302)
    // Following a link from a mail signs nobody in.
    expect(browser.cookies.size).toBe(0)
    expect((await browser.signIn(email)).status).toBe(200)
    expect((await browser.session()).user).toMatchObject({ email, emailVerified: true })
  })

  it("a refused sign-in with an address that is not verified is an event of the account", async () => {
    const { newBrowser, newEmail } = testing
    const { activityOf } = await import("@/lib/testing/activity")
    const email = newEmail()
    const browser = newBrowser()
    const { user } = await (await browser.signUp(email)).json()
    expect((await browser.signIn(email)).status).toBe(403)
    const latest = async () => (await activityOf(user.id)).at(-1)
    await expect
      .poll(latest)
      .toMatchObject({ kind: "sign-in-failed", detail: { reason: "email-not-verified" } })
    expect(await latest()).toMatchObject({ actor: "user", ipAddress: browser.address })
  })

  it("sign-up answers the same for a known and an unknown address", async () => {
    const { newBrowser, newEmail } = testing
    const email = newEmail()
    const first = await newBrowser().signUp(email)
    const second = await newBrowser().signUp(email)
    expect(second.status).toBe(first.status)
    expect([...second.headers.keys()]).toEqual([...first.headers.keys()])
    const [a, b] = [await first.json(), await second.json()]
    const shape = (answer: { user: object }) => [Object.keys(answer), Object.keys(answer.user)]
    expect(shape(b)).toEqual(shape(a))
    expect({ ...b.user, id: "", createdAt: "", updatedAt: "" }).toEqual({
      ...a.user,
      id: "",
      createdAt: "",
      updatedAt: "",
    })
    expect(b.user.id).toHaveLength(a.user.id.length)
    await mailTo(email, /already have an account/i)
  })

  it("a reset ends every session, and its link works once", async () => {
    const { newBrowser, newEmail, password } = testing
    const email = newEmail()
    const browser = newBrowser()
    await browser.signUp(email)
    await browser.call(linkIn(await mailTo(email, /confirm/i)))
    await browser.signIn(email)

    await newBrowser().post("/request-password-reset", { email, redirectTo: "/reset-password" })
    const opened = await newBrowser().call(linkIn(await mailTo(email, /reset/i)))
    const location = new URL(opened.headers.get("location") ?? "")
    expect(location.pathname).toBe("/reset-password")
    const token = location.searchParams.get("token")
    const reset = (newPassword: string) =>
      newBrowser().post("/reset-password", { newPassword, token })
    expect((await reset("short")).status).toBe(400)
    expect((await reset("a brand new password")).status).toBe(200)
    expect((await reset("another new password")).status).toBe(400)
    expect((await browser.call("/list-sessions")).status).toBe(401)
    expect((await newBrowser().signIn(email, { password })).status).toBe(401)
    expect((await newBrowser().signIn(email, { password: "a brand new password" })).status).toBe(
      200,
    )
  })

  it("a link from a mail works for an hour and no longer", async () => {
    const { newBrowser, newEmail } = testing
    const email = newEmail()
    await newBrowser().signUp(email)
    await newBrowser().post("/request-password-reset", { email, redirectTo: "/reset-password" })
    const confirm = linkIn(await mailTo(email, /confirm/i))
    const reset = linkIn(await mailTo(email, /reset/i))
    vi.useFakeTimers({ now: Date.now() + hours(1) * 1000 + 5000, toFake: ["Date"] })
    try {
      const opened = await newBrowser().call(reset)
      expect(opened.headers.get("location")).toContain("error=INVALID_TOKEN")
      const confirmed = await newBrowser().call(
        `${confirm.split("&callbackURL")[0]}&callbackURL=/verify-email`,
      )
      expect(confirmed.headers.get("location")).toContain("error=TOKEN_EXPIRED")
    } finally {
      vi.useRealTimers()
    }
  })

  it("a reset answers the same for an unknown address, and sends nothing", async () => {
    const { newBrowser, newEmail } = testing
    const email = newEmail()
    const response = await newBrowser().post("/request-password-reset", { email })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: true })
    expect(mails.filter(({ to }) => to === email)).toHaveLength(0)
  })

  it("a mail's links lead to the app's own address, whatever Host the caller sends", async () => {
    const { newBrowser, newEmail } = testing
    const email = newEmail()
    await newBrowser({
      headers: { host: "evil.example", "x-forwarded-host": "evil.example" },
    }).signUp(email)
    expect(await mailTo(email, /confirm/i)).not.toContain("evil.example")
  })
})
