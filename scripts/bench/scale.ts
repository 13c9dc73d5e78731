/** How much a run does: all of it, or enough to see where things stand within 90 seconds. */

export type Scale = {
  /** Whether the app is built with its pages, which no figure loads. */
  withPages: boolean
  /** Rounds of a few reads each, ours and Better Auth's. */
  readRounds: number
  /** Sessions that are each read once. */
  firstReads: number
  /** How long 10,000 cached reads are spread over. */
  readSeconds: number
  /** Load before anything counts, twice on either URL. */
  warmUpMs: number
  /** Rounds of `roundMs` of load on either URL. */
  loadRounds: number
  roundMs: number
  revocations: number
  tableRows: number
  listRounds: number
  revokeRounds: number
  lapseRounds: number
}

export const full: Scale = {
  withPages: true,
  readRounds: 3_000,
  firstReads: 1_000,
  readSeconds: 20,
  warmUpMs: 5_000,
  loadRounds: 150,
  roundMs: 200,
  revocations: 200,
  tableRows: 1_000_000,
  listRounds: 60,
  revokeRounds: 9,
  lapseRounds: 9,
}

export const quick: Scale = {
  withPages: false,
  readRounds: 500,
  firstReads: 200,
  readSeconds: 4,
  warmUpMs: 2_500,
  loadRounds: 60,
  roundMs: 150,
  revocations: 60,
  tableRows: 100_000,
  listRounds: 20,
  revokeRounds: 3,
  lapseRounds: 3,
}
