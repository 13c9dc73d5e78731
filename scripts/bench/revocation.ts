/** The time from a revocation on one server until the two others deny the session. */
import { setTimeout as sleep } from "node:timers/promises"
import { type Figure, figure, percentile } from "./figure"
import { createClient } from "./http-client"
import { type SampleSession, withCachedSession } from "./sample"
import type { Scale } from "./scale"

/** Milliseconds between two revocations, and between two reads of a revoked session. */
const revokeEvery = 100
const readEvery = 50
const patience = 10_000

export async function measureRevocation(
  [first, ...others]: string[],
  ownerCookie: string,
  devices: SampleSession[],
  { revocations }: Scale,
): Promise<Figure[]> {
  const client = createClient(100)

  async function revoke(id: string, n: number): Promise<void> {
    const headers = {
      cookie: ownerCookie,
      origin: `${first}`,
      "content-type": "application/json",
      // Addresses of their own, or the rate limit would end the series.
      "x-forwarded-for": `10.0.${n >> 8}.${n & 255}`,
    }
    const body = JSON.stringify({ id })
    const answer = await fetch(`${first}/api/auth/revoke-session`, {
      method: "POST",
      headers,
      body,
    })
    if (!answer.ok) throw new Error(`revoke-session answered ${answer.status}.`)
  }

  async function denied(origin: string, cookie: string): Promise<void> {
    const since = performance.now()
    while ((await client(`${origin}/api/me`, cookie)).status === 200) {
      if (performance.now() - since > patience) throw new Error("A revoked session is still read.")
      await sleep(readEvery)
    }
  }

  async function attempt({ id, cookie }: SampleSession, n: number): Promise<number> {
    const read = await fetch(`${first}/api/auth/get-session`, { headers: { cookie } })
    const cached = withCachedSession(cookie, read)
    for (const origin of others) {
      const { status } = await client(`${origin}/api/me`, cached)
      if (status !== 200) throw new Error(`A live session was answered with ${status}.`)
    }
    await revoke(id, n)
    const since = performance.now()
    await Promise.all(others.map((origin) => denied(origin, cached)))
    return performance.now() - since
  }

  const attempts = devices.slice(0, revocations).map(async (device, n) => {
    // Spread evenly, so that they meet the servers at every point of their second.
    await sleep(n * revokeEvery)
    return attempt(device, n)
  })
  const times = await Promise.all(attempts)
  const label = (part: string) => `Revoked until denied by two others, ${part} of ${revocations}`
  return [
    figure("revocation_p50_ms", label("median"), percentile(times, 0.5), "ms"),
    figure("revocation_p99_ms", label("p99"), percentile(times, 0.99), "ms", { atMost: 1500 }),
  ]
}
