/**
 * This app's `auth` in a process of its own, as a server would hold it but without HTTP. Does what
 * `startWorker` (worker-process.ts) asks for, one task at a time, and counts its database queries.
 */

import { setTimeout as sleep } from "node:timers/promises"
import { betterAuth } from "better-auth/minimal"
import { auth } from "@/lib/auth"
import { clientAddressHeader } from "@/lib/client-address"
import { db } from "@/lib/db"
import { env } from "@/lib/env"
import { timed } from "./figure"
import { countQueries, queries } from "./query-count"
import { withCachedSession } from "./sample"

countQueries(db.$client)

const plainAuth = betterAuth({ ...auth.options, plugins: [] })

/** As at the door of a server, where the client's address is written. */
const headersOf = (cookie: string) =>
  new Headers({ cookie, origin: env.BETTER_AUTH_URL, [clientAddressHeader]: "192.0.2.1" })

/** Microseconds that one of `count` reads takes. */
async function readTime(read: () => Promise<unknown>, count: number): Promise<number> {
  const milliseconds = await timed(async () => {
    for (let n = 0; n < count; n++) if (!(await read())) throw new Error("No session was read.")
  })
  return (milliseconds * 1000) / count
}

const tasks = {
  /** The `Cookie` header of a browser that has just got its cached session. */
  async cache(cookie: string): Promise<string> {
    const request = new Request(`${env.BETTER_AUTH_URL}/api/auth/get-session`, {
      headers: headersOf(cookie),
    })
    return withCachedSession(cookie, await auth.handler(request))
  },

  /** Microseconds that the first read of each of these sessions takes. */
  async firstReadTimes(cookies: string[]) {
    const cached: string[] = []
    for (const cookie of cookies) cached.push(await tasks.cache(cookie))
    const times: number[] = []
    for (const cookie of cached) {
      const call = { headers: headersOf(cookie) }
      times.push(await readTime(() => auth.api.getSession(call), 1))
    }
    return times
  },

  /** Rounds so short that a busy machine disturbs few of them, ours and Better Auth's in turn. */
  async readTimes(cookie: string, rounds: number) {
    const call = { headers: headersOf(cookie) }
    const ours = () => auth.api.getSession(call)
    const betterAuths = () => plainAuth.api.getSession(call)
    // Both compiled and warm before anything counts.
    await readTime(ours, 20_000)
    await readTime(betterAuths, 2_000)
    const before = queries()
    const times = { ours: [] as number[], betterAuths: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      times.ours.push(await readTime(ours, 40))
      times.betterAuths.push(await readTime(betterAuths, 2))
    }
    return { ...times, queries: queries() - before }
  },

  /** `count` reads spread over `seconds`, and the queries they caused. */
  async queriesOfReads(cookie: string, count: number, seconds: number) {
    const call = { headers: headersOf(cookie) }
    const before = queries()
    const took = await timed(async () => {
      const since = performance.now()
      for (let n = 0; n < count; n++) {
        await auth.api.getSession(call)
        const ahead = (n / count) * seconds * 1000 - (performance.now() - since)
        if (ahead > 10) await sleep(ahead)
      }
    })
    return { queries: queries() - before, seconds: took / 1000 }
  },

  async listSessions(cookie: string) {
    let listed = 0
    const milliseconds = await timed(async () => {
      listed = (await auth.api.listSessions({ headers: headersOf(cookie) })).length
    })
    return { milliseconds, listed }
  },

  async revokeOtherSessions(cookie: string) {
    const before = queries()
    let revoked = 0
    const milliseconds = await timed(async () => {
      revoked = (await auth.api.revokeOtherSessions({ headers: headersOf(cookie) })).revoked
    })
    return { milliseconds, revoked, queries: queries() - before }
  },
}

export type Tasks = typeof tasks

process.on("message", ({ task, input }: { task: keyof Tasks; input: never[] }) => {
  const work = tasks[task] as (...input: never[]) => Promise<unknown>
  work(...input).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
