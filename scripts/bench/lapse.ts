/** 200 requests of one session that arrive together just after its cached copy has lapsed. */
import { type Figure, figure, median, timed } from "./figure"
import { createClient } from "./http-client"
import type { Scale } from "./scale"

const atOnce = 200

export async function measureLapse(
  origin: string,
  tokenCookie: string,
  { lapseRounds }: Scale,
): Promise<Figure[]> {
  const times: number[] = []
  let fewest = atOnce
  for (let round = 0; round <= lapseRounds; round++) {
    // New connections each time: what arrives together has not been here before.
    const client = createClient(atOnce)
    let answered = 0
    const milliseconds = await timed(() =>
      Promise.all(
        Array.from({ length: atOnce }, async () => {
          const { status } = await client(`${origin}/api/me`, tokenCookie)
          if (status === 200) answered++
        }),
      ),
    )
    // The first round warms up.
    if (round > 0) times.push(milliseconds)
    fewest = Math.min(fewest, answered)
  }
  return [
    figure("lapse_ms", `Until ${atOnce} requests at once are answered`, median(times), "ms"),
    figure("lapse_answered", "How many of them with the session", fewest, "requests", {
      atLeast: atOnce,
    }),
  ]
}
