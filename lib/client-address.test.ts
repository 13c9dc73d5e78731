import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isListed, parseTrustedProxies, plainAddress, resolveClientAddress } from "./client-address"

const none = parseTrustedProxies([])
const proxies = parseTrustedProxies(["10.0.0.0/8", "127.0.0.1", "2001:db8::/32"])

describe("resolveClientAddress", () => {
  it.each([
    [
      "the connection's own address, whatever is forwarded",
      "203.0.113.7",
      "6.6.6.6",
      none,
      "203.0.113.7",
    ],
    ["an IPv4 address written as IPv6", "::ffff:203.0.113.7", undefined, none, "203.0.113.7"],
    ["what a trusted proxy forwards", "10.0.0.1", "203.0.113.7", proxies, "203.0.113.7"],
    [
      "the last hop that is not trusted",
      "10.0.0.1",
      "6.6.6.6, 203.0.113.7, 10.2.3.4",
      proxies,
      "203.0.113.7",
    ],
    ["the proxy itself when it forwards nothing", "10.0.0.1", undefined, proxies, "10.0.0.1"],
    [
      "the first address when all are trusted",
      "10.0.0.1",
      "10.9.9.9, 10.2.3.4",
      proxies,
      "10.9.9.9",
    ],
    [
      "the proxy's when what it forwards is no address",
      "10.0.0.1",
      "6.6.6.6, unknown",
      proxies,
      "10.0.0.1",
    ],
    ["an IPv6 client behind an IPv6 proxy", "2001:db8::1", "2a00::5", proxies, "2a00::5"],
    ["nothing without a connection", undefined, undefined, none, null],
  ])("is %s", (_what, peer, forwarded, trusted, address) => {
    expect(resolveClientAddress(peer, forwarded, trusted)).toBe(address)
  })
})

describe("parseTrustedProxies", () => {
  it.each([
    ["nonsense"],
    ["10.0.0.0/99"],
    ["10.0.0.0/x"],
    ["10.0.0.0/"],
    ["10.0.0.0/ 8"],
    ["10.0.0.0/8/8"],
    [""],
  ])("refuses %j by name", (entry) => {
    expect(() => parseTrustedProxies([entry])).toThrow(`TRUSTED_PROXIES: "${entry}"`)
  })
})

const spellings: ((address: string) => string)[] = [
  (address) => address,
  (address) => ` ${address} `,
  (address) => (address.includes(":") ? `[${address}]` : address),
  (address) => (address.includes(":") ? `[${address}]:443` : `${address}:51234`),
  (address) => (address.includes(":") ? `"[${address}]:8080"` : `"${address}"`),
  (address) => (address.includes(":") ? `${address}%eth0` : `::ffff:${address}`),
  (address) => address.toUpperCase(),
]
const spelled = (addresses: fc.Arbitrary<string>) =>
  fc
    .tuple(addresses, fc.constantFrom(...spellings))
    .map(([address, spell]) => ({ address, entry: spell(address) }))
const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6())
const isProxy = (address: string) => isListed(plainAddress(address) ?? "", proxies)
const clients = spelled(anyAddress.filter((address) => !isProxy(address)))
const proxyHops = spelled(
  fc.oneof(
    fc.nat(2 ** 24 - 1).map((n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`),
    fc.nat(65_535).map((n) => `2001:db8::${n.toString(16)}`),
  ),
)
const garbage = fc.constantFrom(
  "",
  "unknown",
  "_hidden",
  "203.0.113.7:",
  "203.0.113.7:port",
  "203.0.113",
  "[203.0.113.7]",
  "[::1",
  "::1]",
  '"',
  "2001:db8::1::2",
  "localhost",
)

describe("a chain of hops, however they are written", () => {
  it("leads to the client: the last address that is no proxy of ours", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(clients, proxyHops), { maxLength: 3 }),
        clients,
        fc.array(proxyHops, { maxLength: 3 }),
        proxyHops,
        (madeUp, client, between, peer) => {
          const chain = [...madeUp, client, ...between].map(({ entry }) => entry).join(",")
          const found = resolveClientAddress(peer.address, chain, proxies)
          expect(found).toBe(plainAddress(client.address))
        },
      ),
    )
  })

  it("counts as the nearest proxy, and says so, where it holds something else", () => {
    fc.assert(
      fc.property(
        fc.array(clients, { maxLength: 2 }),
        garbage,
        fc.array(proxyHops, { maxLength: 3 }),
        proxyHops,
        (madeUp, unreadable, between, peer) => {
          const hops = between.map(({ entry }) => entry)
          const chain = [...madeUp.map(({ entry }) => entry), unreadable, ...hops]
          const told: string[] = []
          const found = resolveClientAddress(peer.address, chain.join(","), proxies, (proxy) =>
            told.push(proxy),
          )
          const nearest = plainAddress((between[0] ?? peer).address)
          // An empty header is none at all.
          const isEmpty = chain.join(",") === ""
          expect([found, told]).toEqual([nearest, isEmpty ? [] : [nearest]])
        },
      ),
    )
  })

  it("is not looked at when the connection is no proxy's", () => {
    fc.assert(
      fc.property(clients, fc.array(fc.oneof(clients, proxyHops)), (peer, hops) => {
        const chain = hops.map(({ entry }) => entry).join(",")
        const found = resolveClientAddress(peer.address, chain, proxies)
        expect(found).toBe(plainAddress(peer.address))
      }),
    )
  })

  it("is one address, whichever way that is written", () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const found = new Set(spellings.map((spell) => plainAddress(spell(address))))
        expect([...found]).toEqual([expect.any(String)])
      }),
    )
  })
})
