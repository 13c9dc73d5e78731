/**
 * What happens to every request before Next reads it, by Node's own event. Whose it is, and from where, is
 * written into headers that no client can name, and every redirect says `no-store`.
 */
import { channel } from "node:diagnostics_channel"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { BlockList } from "node:net"
import {
  clientAddressHeader,
  isListed,
  locationHeaders,
  noteDoor,
  parseTrustedProxies,
  plainAddress,
  resolveClientAddress,
} from "./client-address"
import { env } from "./env"
import { warnOnce } from "./log"

/** Strangers may send such headers too, and must not use up the one warning that is about a proxy. */
const mostNamed = 5
const named = new Set<string>()

function sayUnnamed(peer: string): void {
  if (named.size >= mostNamed) return
  named.add(peer)
  warnOnce(
    `unnamed-proxy ${peer}`,
    `Requests with forwarded headers come from ${peer}, which TRUSTED_PROXIES does not name: the headers are ignored. If that is your proxy, everyone behind it shares one address and one rate limit until you set TRUSTED_PROXIES=${peer}`,
  )
}

function sayUnreadable(proxy: string): void {
  warnOnce(
    "unreadable-forwarding",
    `The proxy ${proxy} sends an X-Forwarded-For that holds no address where the client's should be: its own address counts for these requests.`,
  )
}

const isForwarded = ({ headers }: IncomingMessage) =>
  headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined

/** Writes down whose request it is, and from where when a trusted proxy says so. */
function nameClient(request: IncomingMessage, proxies: BlockList): void {
  const { headers, socket } = request
  const peer = plainAddress(socket.remoteAddress)
  const isFromProxy = peer !== null && isListed(peer, proxies)
  if (peer && !isFromProxy && isForwarded(request)) sayUnnamed(peer)
  const forwarded = String(headers["x-forwarded-for"] ?? "") || undefined
  const address = resolveClientAddress(peer ?? undefined, forwarded, proxies, sayUnreadable)
  if (address) headers[clientAddressHeader] = address
  if (!isFromProxy || !env.LOCATION_HEADERS) return
  for (const part of ["city", "country"] as const) {
    const place = headers[env.LOCATION_HEADERS[part]]
    if (place !== undefined) headers[locationHeaders[part]] = String(place)
  }
}

/** Next answers an address that cannot be decoded with a 500: taken for what it says, it is one that is not there. */
function makeReadable(request: IncomingMessage): void {
  const [path = "", ...query] = (request.url ?? "").split("?")
  try {
    decodeURIComponent(path)
  } catch {
    request.url = [path.replaceAll("%", "%25"), ...query].join("?")
  }
}

/** Next answers some requests by a redirect of its own, before any header of ours is set. */
function storeNoRedirect(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
  response.writeHead = (status: number, ...rest: unknown[]) => {
    const isRedirect = status >= 300 && status < 400 && status !== 304
    if (isRedirect && !response.hasHeader("Cache-Control")) {
      response.setHeader("Cache-Control", "no-store")
    }
    return writeHead(status, ...rest)
  }
}

/**
 * Takes the door for all requests of this process.
 * @returns leaves it again
 * @throws RangeError when `TRUSTED_PROXIES` names what is no address
 */
export function takeDoor(): () => void {
  const proxies = parseTrustedProxies(env.TRUSTED_PROXIES)
  const receive = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    makeReadable(request)
    nameClient(request, proxies)
    storeNoRedirect(response)
  }
  const arrivals = channel("http.server.request.start")
  arrivals.subscribe(receive)
  noteDoor(true)
  return () => {
    arrivals.unsubscribe(receive)
    noteDoor(false)
  }
}
