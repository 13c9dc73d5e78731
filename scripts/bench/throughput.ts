/** What the session costs a route handler: `/api/me` against the same answer without a session. */
import { type Figure, figure, median } from "./figure"
import { createClient, load } from "./http-client"
import { withCachedSession } from "./sample"
import type { Scale } from "./scale"

const connections = 10

export async function measureThroughput(
  origin: string,
  tokenCookie: string,
  { warmUpMs, loadRounds, roundMs }: Scale,
): Promise<Figure[]> {
  const client = createClient(connections)
  const answer = await fetch(`${origin}/api/auth/get-session`, { headers: { cookie: tokenCookie } })
  const cookie = withCachedSession(tokenCookie, answer)
  const me = { url: `${origin}/api/me`, rates: [] as number[] }
  const bare = { url: `${origin}/api/bare`, rates: [] as number[] }

  const [ours, same] = [await client(me.url, cookie), await client(bare.url, cookie)]
  if (ours.bytes !== same.bytes) {
    throw new Error(`/api/me answered ${ours.bytes} bytes, /api/bare ${same.bytes}.`)
  }
  // Until both are compiled: the one with more code would lose by what is only the beginning.
  for (const { url } of [me, bare, me, bare]) {
    await load(client, url, cookie, { connections, milliseconds: warmUpMs })
  }
  for (let round = 0; round < loadRounds; round++) {
    // Each goes first as often as the other.
    for (const { url, rates } of round % 2 ? [me, bare] : [bare, me]) {
      rates.push(await load(client, url, cookie, { connections, milliseconds: roundMs }))
    }
  }
  const [withSession, without] = [median(me.rates), median(bare.rates)]
  return [
    figure("me_requests_per_second", "/api/me", withSession, "requests/s"),
    figure("bare_requests_per_second", "The same without a session", without, "requests/s"),
    figure("me_throughput_ratio", "/api/me against it", withSession / without, "of it", {
      atLeast: 0.93,
    }),
  ]
}
