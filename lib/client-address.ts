/**
 * Whose request this is, by network address. Next keeps a client's own X-Forwarded-For, so forwarded
 * headers count only when they come from a proxy named in `TRUSTED_PROXIES`; the answer travels in
 * one header that is written at the door (`lib/startup.ts`) over whatever the client sent.
 */
import { BlockList, isIP } from "node:net"
import { env } from "./env"

/** Where we write the address of the client at the door. */
export const clientAddressHeader = "x-client-address"

/** The header to believe: on Vercel the platform is the door, and ours would be the client's word. */
export const trustedAddressHeader = env.onVercel ? "x-vercel-forwarded-for" : clientAddressHeader

/** Headers by which Vercel tells where a request comes from; from anyone else they are made up. */
export const locationHeaders = { city: "x-vercel-ip-city", country: "x-vercel-ip-country" } as const

/** An address without the IPv4-in-IPv6 prefix Node puts before it, or null when it is none. */
function plainAddress(text: string | undefined): string | null {
  const address = text?.trim().replace(/^::ffff:(?=\d+\.)/i, "") ?? ""
  return isIP(address) ? address : null
}

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4")

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
      if (prefix === undefined) list.addAddress(address, familyOf(address))
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
 * in X-Forwarded-For that is not one too. Null when the chain holds something that is no address.
 */
export function resolveClientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: BlockList,
): string | null {
  const chain = [...(forwardedFor ? forwardedFor.split(",") : []), peer]
  for (let address = chain.pop(); ; address = chain.pop()) {
    const plain = plainAddress(address)
    if (!plain || chain.length === 0 || !trusted.check(plain, familyOf(plain))) return plain
  }
}
