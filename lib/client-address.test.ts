import { describe, expect, it } from "vitest"
import { parseTrustedProxies, resolveClientAddress } from "./client-address"

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
    ["nothing when the chain holds no address", "10.0.0.1", "6.6.6.6, unknown", proxies, null],
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
