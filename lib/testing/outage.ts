/** A database that does not answer, for tests of what is said then. */
import { db } from "@/lib/db"

/** Cuts the database off until the answered function is called: every way the drivers are called fails. */
export function cutDatabase(code: string): () => void {
  const client = db.$client as unknown as Record<string, unknown>
  const ways = ["query", "transaction", "unsafe", "begin"].filter((way) => way in client)
  const kept = ways.map((way) => [way, client[way]] as const)
  const fail = () => {
    const failed = Promise.reject(Object.assign(new Error("connect"), { code }))
    failed.catch(() => {})
    // postgres.js answers a promise that can also be asked for plain arrays.
    return Object.assign(failed, { values: () => failed })
  }
  for (const way of ways) client[way] = fail
  return () => Object.assign(client, Object.fromEntries(kept))
}
