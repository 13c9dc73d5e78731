import fc from "fast-check"
import { unstable_doesMiddlewareMatch as doesMiddlewareMatch } from "next/experimental/testing/server"
import { NextRequest } from "next/server"
import { describe, expect, it } from "vitest"
import { readCookies } from "./lib/sessions/cookies"
import { cookieHeaders, tokenName } from "./lib/testing/cookie-headers"
import { config, middleware } from "./middleware"

const origin = "http://localhost:3000"
const visit = (path: string, headers: HeadersInit = {}) =>
  middleware(new NextRequest(`${origin}${path}`, { headers }))

describe("the matcher", () => {
  const matches = (url: string) => doesMiddlewareMatch({ config, nextConfig: {}, url })

  it.each([
    ["/"],
    ["/dashboard"],
    ["/dashboard/a.b"],
    ["/settings/security"],
    ["/apiary"],
    ["/x.html"],
  ])("runs for %s", (path) => expect(matches(path)).toBe(true))

  it.each([["/api/me"], ["/api/auth/get-session"], ["/_next/static/a.js"], ["/icon.svg"]])(
    "does not run for %s",
    (path) => expect(matches(path)).toBe(false),
  )
})

describe("a visitor without a session cookie", () => {
  it.each([
    ["/dashboard", "/dashboard"],
    ["/dashboard/a.b", "/dashboard/a.b"],
    ["/settings/security?tab=a%20b&x=1", "/settings/security?tab=a%20b&x=1"],
    ["/admin", "/admin"],
  ])("is sent from %s to sign in, and told where to come back to", (path, callbackUrl) => {
    const response = visit(path)
    expect(response.status).toBe(307)
    expect(response.headers.get("cache-control")).toBe("no-store")
    const location = new URL(response.headers.get("location") ?? "")
    expect(location.origin + location.pathname).toBe(`${origin}/sign-in`)
    expect(location.searchParams.get("callbackUrl")).toBe(callbackUrl)
  })

  it.each([["/"], ["/sign-in"], ["/dashboards"], ["/settingsx/y"], ["/x/dashboard"]])(
    "may open %s",
    (path) => expect(visit(path).headers.get("location")).toBeNull(),
  )
})

describe("a visitor with a session cookie", () => {
  it.each([["better-auth.session_token"], ["__Host-better-auth.session_token"]])(
    "called %s gets to the page, which checks it",
    (name) => {
      expect(visit("/dashboard", { cookie: `${name}=x` }).headers.get("location")).toBeNull()
    },
  )

  it("that the page would find gets there, however it is spelt and whatever is beside it", () => {
    fc.assert(
      fc.property(cookieHeaders(["T.S"]), (cookie) => {
        fc.pre(Boolean(readCookies(cookie).get(tokenName)))
        expect(visit("/dashboard", { cookie }).headers.get("location")).toBeNull()
      }),
      { numRuns: 500 },
    )
  })
})

describe("what a page is told", () => {
  const told = (response: Response, header: string) =>
    response.headers.get(`x-middleware-request-${header}`)

  it("is a new nonce for every request, and the policy that carries it", () => {
    const [first, second] = [visit("/sign-in"), visit("/sign-in")]
    const nonce = told(first, "x-nonce")
    expect(nonce).toMatch(/^[0-9a-f]{32}$/)
    expect(told(second, "x-nonce")).not.toBe(nonce)
    const policy = first.headers.get("content-security-policy")
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}';`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(told(first, "content-security-policy")).toBe(policy)
  })

  it("is its own address, whatever the client claims", () => {
    const response = visit("/settings/profile?a=1", {
      cookie: "better-auth.session_token=x",
      "x-return-to": "https://evil.example",
    })
    expect(told(response, "x-return-to")).toBe("/settings/profile?a=1")
  })

  it("is no nonce on the static page, which could not carry it", () => {
    const response = visit("/", { "x-nonce": "planted" })
    expect(told(response, "x-nonce")).toBeNull()
    expect(response.headers.get("content-security-policy")).toContain("'unsafe-inline'")
    expect(response.headers.get("content-security-policy")).toContain("object-src 'none'")
  })
})
