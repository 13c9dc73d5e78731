/**
 * Whose request this is, by network address. Next keeps a client's own X-Forwarded-For, so forwarded
 * headers count only when they come from a proxy named in `TRUSTED_PROXIES`. The answer travels in
 * headers that only this process can name (`lib/door.ts` writes them), so that where nothing stands at the
 * door, nobody's word is believed.
 */
import { randomBytes } from "node:crypto"
import { BlockList, isIP } from "node:net"
import { env } from "./env"
import { warnOnce } from "./log"

// Next makes several bundles of this module; the door and those who ask must agree on the names.
const shared = globalThis as typeof globalThis & { doorMark?: string; hasDoor?: boolean }
shared.doorMark ??= randomBytes(16).toString("hex")

/** Notes whether the connections of this process are seen. */
export function noteDoor(isTaken: boolean): void {
  shared.hasDoor = isTaken
}

/** Where the address of the client is written at the door. */
export const clientAddressHeader = `x-client-address-${shared.doorMark}`

/** The header to believe: on Vercel the platform is the door. */
export const trustedAddressHeader = env.onVercel ? "x-vercel-forwarded-for" : clientAddressHeader

/** The headers that tell where a request comes from: Vercel's own, or what the door has let in. */
export const locationHeaders = env.onVercel
  ? { city: "x-vercel-ip-city", country: "x-vercel-ip-country" }
  : { city: `x-client-city-${shared.doorMark}`, country: `x-client-country-${shared.doorMark}` }

const portAfterIpv4 = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/
const bracketed = /^\[([^[\]]+)\](?::\d{1,5})?$/
const zone = /%[^%]*$/
const mappedIpv4 = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/

/** An IPv6 address in the one way to write it; one that stands for an IPv4 address as that. */
function plainIpv6(address: string): string {
  const { hostname } = new URL(`http://[${address}]`)
  const [, high, low] = mappedIpv4.exec(hostname) ?? []
  if (!high || !low) return hostname.slice(1, -1)
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join(".")
}

/** The address in an entry of X-Forwarded-For, without quotes, brackets, port and zone; null when it is none. */
export function plainAddress(entry: string | null | undefined): string | null {
  const text = entry?.trim().replace(/^"(.*)"$/, "$1") ?? ""
  const inside = portAfterIpv4.exec(text)?.[1] ?? bracketed.exec(text)?.[1] ?? text
  if (isIP(inside) === 4) return text.startsWith("[") ? null : inside
  const address = inside.replace(zone, "")
  return isIP(address) === 6 ? plainIpv6(address) : null
}

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4")

/** Whether an address is on a list of proxies. */
export const isListed = (address: string, list: BlockList) => list.check(address, familyOf(address))

/**
 * A list of addresses and CIDR ranges, ready to be asked.
 * @throws RangeError naming the entry that is neither
 */
export function parseTrustedProxies(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = "", prefix, ...rest] = entry.split("/")
    try {
      if (rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix)))
        throw new RangeError()
      const plain = plainAddress(address) ?? address
      if (prefix === undefined) list.addAddress(plain, familyOf(plain))
      else list.addSubnet(address, Number(prefix), familyOf(address))
    } catch {
      throw new RangeError(
        `TRUSTED_PROXIES: "${entry}" is not an address or a range like 10.0.0.0/8.`,
      )
    }
  }
  return list
}

/**
 * The client's address: the connection's own, or, when that is a trusted proxy, the last address
 * in X-Forwarded-For that is not one too. What is no address ends the chain: then the proxy that
 * handed it on counts, not everybody as one. Null without a connection.
 * @param onUnreadable told of such a proxy
 */
export function resolveClientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: BlockList,
  onUnreadable: (proxy: string) => void = () => {},
): string | null {
  let nearest = plainAddress(peer)
  const chain = forwardedFor ? forwardedFor.split(",") : []
  while (nearest && chain.length > 0 && isListed(nearest, trusted)) {
    const next = plainAddress(chain.pop())
    if (!next) {
      onUnreadable(nearest)
      break
    }
    nearest = next
  }
  return nearest
}

/** Says once that a request came without an address: there is no connection to be seen on this platform. */
export function sayIfUnknown(headers: Headers): void {
  // With a door it is one of the first requests, which came before the server was ready.
  if (env.NODE_ENV !== "production" || shared.hasDoor || headers.get(trustedAddressHeader)) return
  warnOnce(
    "unknown-address",
    "The addresses of clients are not known on this platform: everybody shares one rate limit, and no session or event has an address. If the platform writes them into a header that clients cannot, name it in lib/client-address.ts.",
  )
}
