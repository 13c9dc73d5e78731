/**
 * Hashing passwords: slow on purpose, so never inside a transaction, which would hold a connection for as long,
 * and a few at a time, so that threads are left for everything else. What is hashed, and how, is Better Auth's.
 */
import { availableParallelism } from "node:os"
import { defineRequestState } from "@better-auth/core/context"
import type { BetterAuthPlugin } from "better-auth"
import { createAuthMiddleware } from "better-auth/api"
import { hashPassword, verifyPassword } from "better-auth/crypto"
import { notePassword } from "@/lib/activity/request-act"
import { passwordMaxLength, passwordMinLength } from "@/lib/validation"

/** Node has four threads, which also look up hosts and read files; beyond the processors more gain nothing. */
const mostAtOnce = Math.min(availableParallelism(), 3)

let underWay = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (underWay < mostAtOnce) underWay += 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // The place is handed on, so that nobody takes it in between.
    if (next) next()
    else underWay -= 1
  }
}

/** What was hashed before the running endpoint began, for the one time that it asks. */
const made = defineRequestState<{ password: string; hash: string } | null>(() => null)

/** For `emailAndPassword.password`. */
export const passwordHashing = {
  async hash(password: string): Promise<string> {
    const ready = (await made.get().catch(() => null)) ?? null
    if (ready?.password !== password) return inTurn(() => hashPassword(password))
    await made.set(null)
    return ready.hash
  },
  /** Also notes which stored hash the request has proved to know, for what it then begins or changes. */
  async verify(check: { hash: string; password: string }): Promise<boolean> {
    const isRight = await inTurn(() => verifyPassword(check))
    if (isRight) notePassword(check.hash)
    return isRight
  },
}

/**
 * Better Auth's sign-up hashes inside its transaction. This does so before, for every address alike, once
 * the rate limit and the checks of `lib/auth/input.ts` have let the request through.
 */
const hashAhead = createAuthMiddleware(async (ctx) => {
  const { password } = (ctx.body ?? {}) as { password?: unknown }
  if (typeof password !== "string") return
  if (password.length < passwordMinLength || password.length > passwordMaxLength) return
  await made.set({ password, hash: await inTurn(() => hashPassword(password)) })
})

/** For `plugins`. */
export const hashesBeforeSignUp = () =>
  ({
    id: "hash-before-sign-up",
    hooks: {
      before: [{ matcher: ({ path }) => path === "/sign-up/email", handler: hashAhead }],
    },
  }) satisfies BetterAuthPlugin
