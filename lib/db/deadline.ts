/** How long anyone waits for the database: no caller may hang because it does. */
import { DatabaseError } from "./errors"

/**
 * Longest a caller waits for the database, in milliseconds: for a connection from the pool as well
 * as for the answer. Above the server's own `statement_timeout`, which also frees the connection.
 */
export const queryDeadline = 2_500

/**
 * Waits for `work`, at most `deadline` milliseconds.
 * @throws DatabaseError when it is late
 */
export function withDeadline<T>(work: Promise<T>, deadline: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = "The database did not answer in time (DEADLINE)."
      // On a busy machine the answer may be here already, only not read yet: that comes first.
      setImmediate(() => reject(new DatabaseError(late, "DEADLINE", true)))
    }, deadline)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
