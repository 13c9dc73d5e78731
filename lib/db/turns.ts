/**
 * Turns at the database: no more queries are under way than it takes, and the others wait here. The driver
 * would send what it has queued also when the caller has long been answered; what waits here is never sent.
 */
import { env } from "@/lib/env"
import { DatabaseError } from "./errors"

/** Who has a turn, and since when. */
export type Turn = { since: number }

/** Nothing takes so long, in milliseconds: whoever has a turn since then has forgotten to give it back. */
const forgottenAfter = 60_000

/** So long after the server took no more connections it is asked for one more, in milliseconds. */
const growthPause = 1_000

export class Turns {
  readonly #most: number
  #limit: number
  #taken = new Set<Turn>()
  #waiting = new Set<() => void>()
  #urgent = new Set<() => void>()
  #refusedAt = Number.NEGATIVE_INFINITY

  constructor(most: number) {
    this.#most = most
    this.#limit = most
  }

  /**
   * Answers a turn, at once when one is free; `give` it back.
   * @param isUrgent comes before all others, and may have the one connection that is kept for that
   * @throws DatabaseError when none is free within `patience` milliseconds
   */
  take(patience: number, isUrgent = false): Turn | Promise<Turn> {
    this.#dropForgotten()
    if (this.#taken.size < this.#limit + (isUrgent ? 1 : 0)) return this.#start()
    const queue = isUrgent ? this.#urgent : this.#waiting
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer)
        resolve(this.#start())
      }
      const timer = setTimeout(() => {
        queue.delete(begin)
        reject(
          new DatabaseError("No connection to the database was free in time (BUSY).", "BUSY", true),
        )
      }, patience)
      queue.add(begin)
    })
  }

  /** The turn is over. */
  give(turn: Turn): void {
    this.#taken.delete(turn)
    const mayGrow = performance.now() - this.#refusedAt >= growthPause
    if (this.#limit < this.#most && mayGrow) {
      this.#limit += 1
      this.#refusedAt = performance.now()
    }
    for (const queue of [this.#urgent, this.#waiting]) {
      for (const begin of queue) {
        if (this.#taken.size >= this.#limit) return
        queue.delete(begin)
        begin()
      }
    }
  }

  /** The server took no connection for this turn: from now on as many at once as it has taken. */
  refuse(turn: Turn): void {
    this.#refusedAt = performance.now()
    this.#limit = Math.max(1, Math.min(this.#limit, this.#taken.size - 1))
    this.give(turn)
  }

  #start(): Turn {
    const turn = { since: performance.now() }
    this.#taken.add(turn)
    return turn
  }

  #dropForgotten(): void {
    for (const turn of this.#taken) {
      if (performance.now() - turn.since < forgottenAfter) return
      this.#taken.delete(turn)
    }
  }
}

// Next makes several bundles of this module; they share the connections.
const shared = globalThis as typeof globalThis & { databaseTurns?: Turns }

// The embedded database has one connection, and a queue in which what nobody waits for any more is done too.
// One of the connections is kept for what is urgent.
shared.databaseTurns ??= new Turns(env.DATABASE_URL ? Math.max(1, env.DATABASE_POOL_SIZE - 1) : 1)

export const turns: Turns = shared.databaseTurns
