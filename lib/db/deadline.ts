/** How long anyone waits for the database: no caller may hang because it does. */
import { DatabaseError } from "./errors"

/**
 * Longest a caller waits for one answer of the database, in milliseconds. Above the server's own
 * `statement_timeout`, which also frees the connection.
 */
export const queryDeadline = 2_500

/** Longest a transaction may take as a whole, in milliseconds; one that is late is rolled back. */
export const transactionDeadline = 5_000

/** What a caller is told whose answer is late. */
export const lateError = () =>
  new DatabaseError("The database did not answer in time (DEADLINE).", "DEADLINE", true)

/**
 * Waits for `work`, at most `deadline` milliseconds.
 * @throws DatabaseError when it is late
 */
export function withDeadline<T>(work: Promise<T>, deadline: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // On a busy machine the answer may be here already, only not read yet: that comes first.
      setImmediate(() => reject(lateError()))
    }, deadline)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
