/** Every endpoint that takes a password hashes it as often for all, and never while it holds a connection. */
import { availableParallelism } from "node:os"
import { hashPassword, verifyPassword } from "better-auth/crypto"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { isInTransaction } from "@/lib/db/transaction"
import { newBrowser, newEmail, password, signedUp } from "@/lib/testing/browser"
import { passwordHashing } from "./password-hash"

const work = vi.hoisted(() => ({ inTransaction: [] as boolean[], underWay: 0, most: 0 }))

vi.mock("better-auth/crypto", async (importOriginal) => {
  const original = await importOriginal<typeof import("better-auth/crypto")>()
  const watched =
    <A extends unknown[], R>(run: (...call: A) => Promise<R>) =>
    async (...call: A): Promise<R> => {
      const { isInTransaction } = await import("@/lib/db/transaction")
      work.inTransaction.push(isInTransaction())
      work.underWay += 1
      work.most = Math.max(work.most, work.underWay)
      return run(...call).finally(() => {
        work.underWay -= 1
      })
    }
  return {
    ...original,
    hashPassword: watched(original.hashPassword),
    verifyPassword: watched(original.verifyPassword),
  }
})

type Ana = Awaited<ReturnType<typeof signedUp>>
const newPassword = "another horse battery"
const signUp = (email: string, secret: unknown) =>
  newBrowser().post("/sign-up/email", { name: "Ana", email, password: secret })

describe("hashing", () => {
  beforeEach(() => {
    work.inTransaction.length = 0
  })

  const requests: [name: string, status: number, times: number, (ana: Ana) => Promise<Response>][] =
    [
      ["a sign-up", 200, 1, () => signUp(newEmail(), password)],
      ["a sign-up with an address that is taken", 422, 1, ({ email }) => signUp(email, password)],
      ["a sign-up with a short password", 400, 0, () => signUp(newEmail(), "short")],
      ["a sign-up with a long password", 400, 0, () => signUp(newEmail(), "x".repeat(129))],
      ["a sign-up with no text for a password", 400, 0, () => signUp(newEmail(), 12_345_678)],
      ["a sign-up with no address", 400, 0, () => signUp("nobody", password)],
      ["a sign-in", 200, 1, ({ email }) => newBrowser().signIn(email)],
      ["a wrong one", 401, 1, ({ email }) => newBrowser().signIn(email, { password: "wrong one" })],
      ["one with an unknown address", 401, 1, () => newBrowser().signIn(newEmail())],
      [
        "a change of password",
        200,
        2,
        ({ browser }) =>
          browser.post("/change-password", {
            currentPassword: password,
            newPassword,
            revokeOtherSessions: true,
          }),
      ],
    ]

  it.each(requests)("for %s (%i) is done %i times, outside of any transaction", async (...row) => {
    const [, status, times, request] = row
    const ana = await signedUp()
    work.inTransaction.length = 0
    expect((await request(ana)).status).toBe(status)
    expect(work.inTransaction).toEqual(Array(times).fill(false))
    expect(isInTransaction()).toBe(false)
  })

  it("of many at once leaves threads for everything else, and every hash is right", async () => {
    const passwords = Array.from({ length: 12 }, (_, at) => `${password} ${at}`)
    const hashes = await Promise.all(passwords.map(passwordHashing.hash))
    expect(work.most).toBeLessThanOrEqual(Math.min(availableParallelism(), 3))
    expect(new Set(hashes).size).toBe(passwords.length)
    const checks = passwords.map((text, at) =>
      passwordHashing.verify({ password: text, hash: hashes[at] ?? "" }),
    )
    expect(await Promise.all(checks)).toEqual(Array(12).fill(true))
    const hash = await hashPassword(password)
    expect(await verifyPassword({ hash, password: newPassword })).toBe(false)
  })

  it("for two sign-ups at once gives each the hash of its own password", async () => {
    const people = [newEmail(), newEmail(), newEmail()].map((email, at) => ({
      email,
      secret: `${password} ${at}`,
    }))
    await Promise.all(people.map(({ email, secret }) => signUp(email, secret)))
    for (const { email, secret } of people) {
      expect((await newBrowser().signIn(email, { password: secret })).status).toBe(200)
    }
  })
})
