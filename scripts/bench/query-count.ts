/** Counts what a process sends to its database, at the driver's own methods. */

type Send = (...call: unknown[]) => unknown
type Client = { unsafe: Send; begin: (work: (client: Client) => unknown) => unknown }

let count = 0

/** Statements sent so far. */
export const queries = () => count

function counted(client: Client): void {
  const unsafe = client.unsafe.bind(client)
  client.unsafe = (...call) => {
    count++
    return unsafe(...call)
  }
}

/** Makes every statement of a postgres.js client count, those of a transaction included. */
export function countQueries(driver: object): void {
  const client = driver as Client
  counted(client)
  const begin = client.begin.bind(client)
  client.begin = (work) => {
    // `commit` is a statement as well; `begin` is sent like any other.
    count++
    return begin((inner) => {
      counted(inner)
      return work(inner)
    })
  }
}
