/** A client that keeps its connections open and costs little itself: it shares the machine. */
import { Agent, get } from "node:http"

type Answer = { status: number; bytes: number }

export type HttpClient = (url: string, cookie: string) => Promise<Answer>

export function createClient(connections: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return (url, cookie) =>
    new Promise((resolve, reject) => {
      const request = get(url, { agent, headers: { cookie } }, (response) => {
        let bytes = 0
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length
        })
        response.on("end", () => resolve({ status: response.statusCode ?? 0, bytes }))
        response.on("error", reject)
      })
      request.on("error", reject)
    })
}

/** Requests per second of `url` under as many requests at once as there are `connections`. */
export async function load(
  client: HttpClient,
  url: string,
  cookie: string,
  { connections, milliseconds }: { connections: number; milliseconds: number },
): Promise<number> {
  const since = performance.now()
  const elapsed = () => performance.now() - since
  let answered = 0
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (elapsed() < milliseconds) {
        const { status } = await client(url, cookie)
        if (status !== 200) throw new Error(`${url} answered ${status}.`)
        answered++
      }
    }),
  )
  return (answered * 1000) / elapsed()
}
