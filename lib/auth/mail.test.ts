/** The flows that go by mail, over a real SMTP server and through the outbox. */
import "@/lib/testing/own-database"
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { sql } from "drizzle-orm"
import { SMTPServer } from "smtp-server"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"

import { hours } from "@/lib/time"

type Received = { to: string; text: string }

const mails: Received[] = []

/** What the mail server does with a mail: takes it at once, when it is let, or not at all. */
let behaviour: "take" | "wait" | "refuse" = "take"
let release: () => void = () => {}
let released = Promise.resolve()

/** From now on mails are held until the answered function is called. */
function holdMails(): () => void {
  behaviour = "wait"
  released = new Promise((resolve) => {
    release = resolve
  })
  return () => {
    behaviour = "take"
    release()
  }
}

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onRcptTo({ address }, _session, done) {
    if (behaviour === "refuse")
      done(Object.assign(new Error(`no <${address}>`), { responseCode: 550 }))
    else if (behaviour === "wait") void released.then(() => done())
    else done()
  },
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

const mailsTo = (address: string) => mails.filter(({ to }) => to === address)

/** A mail that is asked for after all others, so that these have arrived when it has. */
async function settled(): Promise<void> {
  const { newBrowser, newEmail } = testing
  const email = newEmail()
  await newBrowser().signUp(email)
  await mailTo(email, /confirm/i)
}

/** Waits until somebody has `total` mails with `text`, and sees that there are no more. */
async function expectMails(email: string, text: RegExp, total: number): Promise<void> {
  const count = () => mailsTo(email).filter((mail) => text.test(mail.text)).length
  await expect.poll(count, { timeout: 10_000 }).toBe(total)
  await settled()
  expect(count()).toBe(total)
}

/** Accounts as a guesser would tell them apart. */
async function accounts() {
  const { newBrowser, newEmail } = testing
  const [unverified, verified, unknown] = [newEmail(), newEmail(), newEmail()]
  await newBrowser().signUp(unverified)
  await newBrowser().signUp(verified)
  await newBrowser().call(linkIn(await mailTo(verified, /confirm/i)))
  await mailTo(unverified, /confirm/i)
  return { unverified, verified, unknown }
}

/** Asks `path` for each of the accounts, which are all answered alike. */
async function ask(path: string, extra: object, emails: Record<string, string>) {
  const seen: [who: string, status: number, keys: string[]][] = []
  for (const [who, email] of Object.entries(emails)) {
    const response = await testing.newBrowser().post(path, { email, ...extra })
    seen.push([who, response.status, Object.keys(await response.json())])
  }
  for (const [who, ...answer] of seen) expect([who, ...answer]).toEqual([who, 200, seen[0]?.[2]])
}

describe("nobody can tell who has an account", () => {
  it("by sign-ups at once, or by the time that one takes", async () => {
    const { db } = await import("@/lib/db")
    // All of them have looked whether there is an account before the first has made one.
    await db.execute(sql`
      create function dawdle() returns trigger language plpgsql as $$
      begin perform pg_sleep(0.3); return new; end $$`)
    await db.execute(sql`
      create trigger dawdle before insert on "user" for each row execute function dawdle()`)
    const known = testing.newEmail()
    await testing.newBrowser().signUp(known)
    for (const email of [known, testing.newEmail()]) {
      const since = performance.now()
      const answers = await Promise.all([1, 2, 3].map(() => testing.newBrowser().signUp(email)))
      const told = await Promise.all(
        answers.map(async (answer) => [answer.status, Object.keys(await answer.json())]),
      )
      expect(told).toEqual(Array(3).fill([200, ["user"]]))
      // Less than what all of them take even where nobody else works.
      expect(performance.now() - since).toBeGreaterThanOrEqual(740)
    }
    await db.execute(sql`drop function dawdle cascade`)
  })

  const asks = [
    ["/send-verification-email", {}],
    ["/request-password-reset", {}],
    ["/sign-up/email", { name: "Ana", password: "correct horse battery" }],
  ] as const

  it.each(asks)("while the mail server is slow: %s", async (path, extra) => {
    const emails = await accounts()
    // Mails are taken once all have been answered: who waits for one waits for ever.
    const release = holdMails()
    try {
      await ask(path, extra, emails)
    } finally {
      release()
    }
    await settled()
  })

  it.each(asks)("while it refuses, and the log names nobody: %s", async (path, extra) => {
    const { listenToLog } = await import("@/lib/testing/activity")
    const emails = await accounts()
    const log = listenToLog()
    behaviour = "refuse"
    try {
      await ask(path, extra, emails)
      const failures = /could not be sent\. MailError: .*\(EENVELOPE 550\)/
      await expect.poll(() => log.text()).toMatch(failures)
    } finally {
      behaviour = "take"
    }
    for (const email of Object.values(emails)) expect(log.text()).not.toContain(email)
    expect(log.text()).not.toMatch(/token=|reset-password\//)
  })
})

describe("a person's mailbox", () => {
  // Counts begin anew with the hour, which must not happen in the middle of a test.
  beforeEach(() => {
    const hour = hours(1) * 1000
    const now = Math.floor(Date.now() / hour) * hour + hour / 2
    vi.useFakeTimers({ now, toFake: ["Date"] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ["verification", "/send-verification-email", /confirm that this/i],
    ["password-reset", "/request-password-reset", /choose a new password/i],
    ["existing-account", "/sign-up/email", /already have an account/i],
  ])("gets five mails an hour, whoever asks: %s", async (_kind, path, text) => {
    const email = testing.newEmail()
    await testing.newBrowser().signUp(email)
    await mailTo(email, /confirm/i)
    const body = { email, name: "Eve", password: "correct horse battery" }
    const answers = new Set<string>()
    for (let i = 0; i < 9; i++) {
      const asker = testing.newBrowser()
      const asked = i % 2 ? email : email.toUpperCase()
      const response = await asker.post(path, { ...body, email: asked })
      answers.add(`${response.status} ${Object.keys(await response.json())}`)
    }
    expect([...answers]).toHaveLength(1)
    await expectMails(email, text, 5)
  })

  it("keeps some for its owner, whoever else asks again and again", async () => {
    const email = testing.newEmail()
    await testing.newBrowser().signUp(email)
    const { clientAddressHeader } = await import("@/lib/client-address")
    // One customer's network has more addresses than can be counted.
    for (let i = 0; i < 6; i++) {
      const headers = { [clientAddressHeader]: `2001:db8:1:2::${i + 1}` }
      const json = { email }
      await testing.newBrowser().call("/request-password-reset", { json, headers })
    }
    await expectMails(email, /choose a new password/i, 3)
    await testing.newBrowser().post("/request-password-reset", { email })
    await expectMails(email, /choose a new password/i, 4)
  })

  it("is one, however its address is written, and so are its limits", async () => {
    const [name] = testing.newEmail().split("@")
    const sent: string[] = []
    for (let i = 0; i < 14; i++) {
      const email = `${name}${i % 2 ? "." : ""}+${i}@example.com`
      await testing.newBrowser().signUp(email)
      sent.push(email)
    }
    await settled()
    expect(mails.filter(({ to }) => sent.includes(to))).toHaveLength(10)
  })

  it("gets twenty of a kind a day, and its hour and its day pass", async () => {
    const { mayMail } = await import("./mail-limit")
    const { db } = await import("@/lib/db")
    const { rateLimit } = await import("@/lib/db/schema")
    const { cleanUp } = await import("@/lib/cleanup")
    const email = testing.newEmail()
    const later = (seconds: number) =>
      db.update(rateLimit).set({ lastRequest: sql`${rateLimit.lastRequest} - ${seconds * 1000}` })
    let sent = 0
    for (let hour = 0; hour < 6; hour++) {
      for (let i = 0; i < 6; i++) {
        if (await mayMail("password-reset", email, `203.0.113.${i}`)) sent += 1
      }
      await later(hours(1) + 1)
      // The day's count outlives the hour's.
      await cleanUp()
    }
    expect(sent).toBe(20)
    expect(await mayMail("verification", email, null)).toBe(true)
    await later(hours(24))
    expect(await mayMail("password-reset", email, null)).toBe(true)
  })
})

describe("a letter to an address that nobody has confirmed", () => {
  const typed = "You won! Go to evil.example"

  it.each([
    "/you-won-go-to-evil.example",
    `/${"you-won-go-to-evil.example-".repeat(30)}`,
    "/?you-won-1000-eur=http://evil.example/win",
    "/#you-won-go-to-evil.example",
    "/settings/you-won-go-to-evil.example",
    "/verify-email?verified=1&callbackUrl=/settings/you-won-go-to-evil.example",
  ])("holds no text of whoever typed it: %s", async (long) => {
    const email = testing.newEmail()
    await testing.newBrowser().call("/sign-up/email", {
      json: { email, name: typed, password: "correct horse battery", callbackURL: long },
    })
    await testing.newBrowser().signUp(email, typed)
    await testing.newBrowser().post("/request-password-reset", { email, redirectTo: long })
    await testing.newBrowser().post("/send-verification-email", { email, callbackURL: long })
    await mailTo(email, /already have an account/i)
    await settled()
    const letters = mailsTo(email)
    expect(letters).toHaveLength(4)
    for (const { text } of letters) {
      expect(text).toContain("\nHello,\r\n")
      expect(text.replace(/=\r?\n/g, "")).not.toMatch(/you.won|evil/i)
    }
  })

  it("greets by name once it is theirs", async () => {
    const email = testing.newEmail()
    await testing.newBrowser().signUp(email, "Ana Maria")
    await testing.newBrowser().call(linkIn(await mailTo(email, /confirm/i)))
    await testing.newBrowser().post("/request-password-reset", { email })
    expect(await mailTo(email, /choose a new password/i)).toContain("Hello Ana Maria,")
  })
})
