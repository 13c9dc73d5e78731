/** What a cached read of the session costs: time, against Better Auth's own, and database queries. */
import { type Figure, figure, median } from "./figure"
import type { Scale } from "./scale"
import type { Worker } from "./worker-process"

const reads = 10_000

export async function measureCachedReads(
  worker: Worker,
  [cookie = "", ...others]: string[],
  { readRounds, readSeconds }: Scale,
): Promise<Figure[]> {
  const cached = await worker.run("cache", cookie)
  const times = await worker.run("readTimes", cached, readRounds)
  const ours = median(times.ours)
  const betterAuths = median(times.betterAuths)
  // After the others, when everything is compiled: only the cookies are new.
  const first = median(await worker.run("firstReadTimes", others))
  const paced = await worker.run("queriesOfReads", cached, reads, readSeconds)
  const perSecond = paced.queries / paced.seconds
  return [
    figure("cached_read_us", "Cached read", ours, "µs", { atMost: 25 }),
    figure("first_cached_read_us", "The same, of a session not read here before", first, "µs"),
    figure("better_auth_cached_read_us", "Cached read by Better Auth alone", betterAuths, "µs"),
    figure("cached_read_speedup", "How much faster ours is", betterAuths / ours, "times", {
      atLeast: 20,
    }),
    figure(
      "cached_read_queries",
      `Queries during ${reads.toLocaleString("en")} cached reads`,
      paced.queries,
      "queries",
    ),
    figure("cached_read_queries_per_second", "The same per second", perSecond, "queries/s", {
      atMost: 2,
    }),
  ]
}
