/** Listing and revoking a user's 1,000 sessions, in a large table against a table of just these. */
import { type Figure, figure, median } from "./figure"
import { addSessions, addUsers, type SampleSession, signIn, withSql } from "./sample"
import type { Scale } from "./scale"
import { startWorker, type Worker } from "./worker-process"

const perUser = 1_000

type Side = {
  url: string
  worker: Worker
  session: SampleSession
  lists: number[]
  revokes: number[]
}

/** Fills the database at `url` with `rows` sessions of users with 1,000 each, all mixed up. */
async function prepare(url: string, rows: number, secret: string): Promise<Side> {
  const session = await withSql(url, async (sql) => {
    await addUsers(sql, rows / perUser)
    await addSessions(sql, rows - 1, rows / perUser)
    const [own] = await signIn(sql, 1, secret)
    await sql`vacuum analyze`
    if (!own) throw new Error("No session was added.")
    return own
  })
  return { url, worker: startWorker(url, secret), session, lists: [], revokes: [] }
}

export const prepareSessionLists = (small: string, large: string, rows: number, secret: string) =>
  Promise.all([prepare(small, perUser, secret), prepare(large, rows, secret)])

async function list({ worker, session, lists }: Side): Promise<void> {
  const { milliseconds, listed } = await worker.run("listSessions", session.cookie)
  if (listed !== perUser) throw new Error(`${listed} of ${perUser} sessions were listed.`)
  lists.push(milliseconds)
}

/** Revokes all others, and puts new ones in their place. */
async function revoke({ url, worker, session, revokes }: Side): Promise<number> {
  const answer = await worker.run("revokeOtherSessions", session.cookie)
  if (answer.revoked !== perUser - 1) throw new Error(`${answer.revoked} sessions were revoked.`)
  revokes.push(answer.milliseconds)
  await withSql(url, async (sql) => {
    await addSessions(sql, perUser - 1)
    await sql`analyze session`
  })
  return answer.queries
}

export async function measureSessionLists(
  [small, large]: [Side, Side],
  { tableRows, listRounds, revokeRounds }: Scale,
): Promise<Figure[]> {
  const warmUp = 10
  for (let round = 0; round < warmUp + listRounds; round++) {
    for (const side of [small, large]) {
      if (round === warmUp) side.lists.length = 0
      await list(side)
    }
  }
  const queries: number[] = []
  for (let round = 0; round <= revokeRounds; round++) {
    for (const side of [small, large]) queries.push(await revoke(side))
  }

  const inLarge = `of 1,000, in ${tableRows.toLocaleString("en")} rows`
  const compared = (
    name: string,
    label: string,
    times: [number[], number[]],
    target?: { atMost: number },
  ) => {
    const [few, many] = [median(times[0]), median(times[1])]
    return [
      figure(`${name}_small_ms`, `${label} of 1,000, in 1,000 rows`, few, "ms"),
      figure(`${name}_large_ms`, `${label} ${inLarge}`, many, "ms"),
      figure(`${name}_ratio`, `${label}: large table against small`, many / few, "times", target),
    ]
  }
  return [
    ...compared("list_sessions", "list-sessions", [small.lists, large.lists], { atMost: 1.5 }),
    ...compared("revoke_other_sessions", "revoke-other-sessions", [
      small.revokes.slice(1),
      large.revokes.slice(1),
    ]),
    figure(
      "revoke_other_sessions_queries",
      "Queries of revoke-other-sessions, at most",
      Math.max(...queries),
      "queries",
      { atMost: 6 },
    ),
  ]
}
