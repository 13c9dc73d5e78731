/** The door, on a real server of Node: what reaches a handler, and what is said about it. */
import { once } from "node:events"
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { listenToLog } from "@/lib/testing/activity"

type Modules = {
  address: typeof import("./client-address")
  origin: typeof import("./request-origin")
}

let server: Server
let seen: IncomingHttpHeaders = {}
let url = ""
let leave: (() => void) | undefined

/** The modules as a process with this environment would load them, and its door. */
async function takeDoor(settings: Record<string, string>): Promise<Modules> {
  vi.resetModules()
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  leave?.()
  leave = (await import("./door")).takeDoor()
  return { address: await import("./client-address"), origin: await import("./request-origin") }
}

const shared = globalThis as typeof globalThis & { said?: Set<string>; doorMark?: string }

beforeAll(async () => {
  server = createServer((incoming, response) => {
    seen = { ...incoming.headers }
    url = incoming.url ?? ""
    if (incoming.url === "/away") response.writeHead(307, { Location: "/" })
    else if (incoming.url === "/kept") response.setHeader("Cache-Control", "public")
    if (incoming.url === "/kept") response.statusCode = 308
    response.end()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
})
afterAll(() => {
  leave?.()
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  delete shared.said
})

async function call(headers: Record<string, string>, path = "/") {
  const { port } = server.address() as AddressInfo
  const sent = request({ port, host: "127.0.0.1", path, headers, agent: false }).end()
  const [response] = await once(sent, "response")
  response.resume()
  return response as { headers: IncomingHttpHeaders }
}

const originOf = ({ origin }: Modules) =>
  origin.originOf(new Headers(seen as Record<string, string>))

describe("an address", () => {
  beforeAll(() => takeDoor({}))

  it("that cannot be decoded arrives as one that can", async () => {
    const broken = fc.stringMatching(/^[\w%/-]{0,12}$/)
    await fc.assert(
      fc.asyncProperty(broken, fc.constantFrom("", "?a=%", "?b=1?"), async (path, query) => {
        await call({}, `/${path}${query}`)
        const [arrived = "", ...rest] = url.split("?")
        expect(() => decodeURIComponent(arrived)).not.toThrow()
        expect(rest.join("?")).toBe(query.slice(1))
      }),
    )
  })
})

describe("without a proxy", () => {
  it("an address is the connection's, whatever a client claims", async () => {
    const modules = await takeDoor({ TRUSTED_PROXIES: "", LOCATION_HEADERS: "cf-city,cf-country" })
    await call({
      "x-forwarded-for": "6.6.6.6",
      "x-client-address": "6.6.6.6",
      "x-vercel-forwarded-for": "6.6.6.6",
      "x-vercel-ip-city": "Nowhere",
      "cf-city": "Nowhere",
      "cf-country": "XX",
    })
    expect(originOf(modules)).toEqual({
      ipAddress: "127.0.0.1",
      userAgent: null,
      city: null,
      country: null,
    })
  })

  it("forwarded headers are called unknown once, by name, and not when there are none", async () => {
    await takeDoor({ TRUSTED_PROXIES: "" })
    const log = listenToLog()
    await call({})
    expect(log.text()).toBe("")
    for (const name of ["x-forwarded-for", "forwarded"]) await call({ [name]: "203.0.113.7" })
    expect(log.text().match(/TRUSTED_PROXIES=127\.0\.0\.1/g)).toHaveLength(1)
    expect(log.text()).not.toContain("203.0.113.7")
  })
})

describe("behind a proxy that is named", () => {
  it("an address and a place are what it says, by the headers that were chosen", async () => {
    const settings = { TRUSTED_PROXIES: "127.0.0.1", LOCATION_HEADERS: "CF-IPCity, cf-ipcountry" }
    const modules = await takeDoor(settings)
    const log = listenToLog()
    const headers = {
      "x-forwarded-for": "6.6.6.6, 203.0.113.7:51234",
      "cf-ipcity": Buffer.from("Köln").toString("latin1"),
      "cf-ipcountry": "DE",
      "x-vercel-ip-city": "Nowhere",
    }
    await call(headers)
    expect(originOf(modules)).toMatchObject({
      ipAddress: "203.0.113.7",
      city: "Köln",
      country: "DE",
    })
    expect(log.text()).toBe("")
  })

  it("nobody has a place unless headers were chosen", async () => {
    const modules = await takeDoor({ TRUSTED_PROXIES: "127.0.0.1", LOCATION_HEADERS: "" })
    await call({ "x-forwarded-for": "203.0.113.7", "x-vercel-ip-city": "Nowhere" })
    expect(originOf(modules)).toMatchObject({ ipAddress: "203.0.113.7", city: null })
  })

  it("what is no address is the proxy's, and said once", async () => {
    const modules = await takeDoor({ TRUSTED_PROXIES: "127.0.0.1" })
    const log = listenToLog()
    for (const chain of ["unknown", "6.6.6.6, secret"]) {
      await call({ "x-forwarded-for": chain })
      expect(originOf(modules).ipAddress).toBe("127.0.0.1")
    }
    expect(log.text().match(/X-Forwarded-For/g)).toHaveLength(1)
  })
})

describe("where nothing stands at the door", () => {
  it("no header is believed, and that is said once", async () => {
    leave?.()
    leave = undefined
    vi.resetModules()
    vi.stubEnv("NODE_ENV", "production")
    vi.stubEnv("BETTER_AUTH_URL", "https://app.example.com")
    vi.stubEnv("BETTER_AUTH_SECRET", "Zq3vN8xR1kT7mB5wL0pD9sF2hJ6gY4cU")
    const address = await import("./client-address")
    const { originOf: read } = await import("./request-origin")
    const log = listenToLog()
    const names = fc.oneof(
      fc.constantFrom("x-client-address", "x-forwarded-for", "x-real-ip", "x-vercel-forwarded-for"),
      fc.stringMatching(/^[0-9a-f]{32}$/).map((mark) => `x-client-address-${mark}`),
    )
    fc.assert(
      fc.property(names, fc.ipV4(), (name, claimed) => {
        const headers = new Headers({ [name]: claimed, "x-vercel-ip-city": "Nowhere" })
        expect(read(headers)).toMatchObject({ ipAddress: null, city: null })
        address.sayIfUnknown(headers)
      }),
    )
    expect(log.text().match(/addresses of clients are not known/g)).toHaveLength(1)
  })
})

describe("a redirect", () => {
  it("is stored nowhere unless it says otherwise itself", async () => {
    await takeDoor({ TRUSTED_PROXIES: "" })
    expect((await call({}, "/away")).headers["cache-control"]).toBe("no-store")
    expect((await call({}, "/kept")).headers["cache-control"]).toBe("public")
    expect((await call({}, "/")).headers["cache-control"]).toBeUndefined()
  })
})
