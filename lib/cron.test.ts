/** What a scheduler is answered, by the route's own handler. */
import "@/lib/testing/own-database"
import { beforeAll, describe, expect, it, vi } from "vitest"
import type { Database } from "@/lib/db"
import "@/lib/testing/database"

const secret = "a secret of 26 characters"
const shared = globalThis as typeof globalThis & { database?: Database }

/** The route as it is with `CRON_SECRET` set to `value`. */
async function routeWith(value: string) {
  vi.stubEnv("CRON_SECRET", value)
  vi.resetModules()
  const { GET } = await import("@/app/api/cron/cleanup/route")
  return (authorization?: string) =>
    GET(
      new Request("http://localhost:3000/api/cron/cleanup", {
        headers: authorization === undefined ? {} : { authorization },
      }),
    )
}

describe("/api/cron/cleanup", () => {
  let call: Awaited<ReturnType<typeof routeWith>>
  beforeAll(async () => {
    call = await routeWith(secret)
  })

  it("cleans up and answers counts to whoever knows the secret", async () => {
    const response = await call(`Bearer ${secret}`)
    expect(response.status).toBe(200)
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(await response.json()).toEqual({
      sessions: expect.any(Number),
      verifications: expect.any(Number),
      rateLimits: expect.any(Number),
      invalidations: expect.any(Number),
      activity: expect.any(Number),
      shortened: expect.any(Number),
    })
  })

  it.each([
    ["nothing", undefined],
    ["an empty header", ""],
    ["the secret without Bearer", secret],
    ["part of the secret", `Bearer ${secret.slice(0, -1)}`],
    ["more than the secret", `Bearer ${secret}x`],
    ["what an unset secret would read as", "Bearer undefined"],
  ])("is 401 for %s", async (_what, authorization) => {
    const response = await call(authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(await response.json()).toEqual({ error: "Unauthorized" })
  })

  it("is 503 with Retry-After while the database cannot answer", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {})
    vi.spyOn(console, "warn").mockImplementation(() => {})
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" })
    if (!shared.database) throw new Error("There is no database to cut off.")
    vi.spyOn(shared.database, "transaction").mockRejectedValue(refused)
    const response = await call(`Bearer ${secret}`)
    expect(response.status).toBe(503)
    expect(response.headers.get("retry-after")).toBe("1")
    vi.restoreAllMocks()
    expect((await call(`Bearer ${secret}`)).status).toBe(200)
  })

  it("is 401 for everyone while no secret is set", async () => {
    const closed = await routeWith("")
    for (const authorization of [undefined, "", "Bearer ", "Bearer undefined"]) {
      expect((await closed(authorization)).status).toBe(401)
    }
  })
})
