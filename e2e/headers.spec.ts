/** What every answer says to the browser about how it may be used. */
import type { APIResponse } from "@playwright/test"
import { expect, test } from "./fixtures"
import { signIn } from "./support/account"
import { post } from "./support/http"

const publicPages = [
  "/sign-in",
  "/sign-up",
  "/forgot-password",
  "/reset-password?token=none",
  "/verify-email",
  "/no-such-page",
]
const privatePages = ["/dashboard", "/settings/profile", "/settings/security"]

/** The directives of an answer's content security policy, by name. */
function policyOf(response: APIResponse): Map<string, string> {
  const policy = response.headers()["content-security-policy"] ?? ""
  return new Map(
    policy.split(";").map((directive) => {
      const [name = "", ...values] = directive.trim().split(" ")
      return [name, values.join(" ")]
    }),
  )
}

const nonceOf = (response: APIResponse) =>
  policyOf(response)
    .get("script-src")
    ?.match(/'nonce-([^']+)'/)?.[1]

for (const path of [
  "/",
  ...publicPages,
  ...privatePages,
  "/settings",
  "/api/me",
  "/api/health",
  "/api/auth/get-session",
  "/api/auth/list-sessions",
  "/api/no-such-endpoint",
  "/icon.svg",
  "/favicon.ico",
  "/_next/static/no-such-file.js",
]) {
  test(`${path} carries the security headers`, async ({ request }) => {
    const response = await request.get(path, { maxRedirects: 0 })
    const headers = response.headers()
    expect(headers["x-content-type-options"]).toBe("nosniff")
    expect(headers["referrer-policy"]).toMatch(/^(strict-origin-when-cross-origin|no-referrer)$/)
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin")
    expect(headers["x-powered-by"]).toBeUndefined()
    expect(headers["strict-transport-security"], "plain http").toBeUndefined()
    expect(policyOf(response).get("frame-ancestors")).toBe("'none'")
  })
}

test("scripts and styles carry the security headers", async ({ request }) => {
  const html = await (await request.get("/sign-in")).text()
  const assets = html.match(/\/_next\/static\/[^"\\]+\.(js|css)/g) ?? []
  expect(assets.length).toBeGreaterThan(2)
  for (const asset of new Set(assets)) {
    const headers = (await request.get(asset)).headers()
    expect(headers["x-content-type-options"]).toBe("nosniff")
    expect(headers["x-powered-by"]).toBeUndefined()
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'")
    expect(headers["cache-control"]).toContain("immutable")
  }
})

test("behind https the browser is told to stay there", async ({ request }) => {
  for (const path of ["/", "/sign-in", "/api/health"]) {
    const response = await request.get(path, { headers: { "X-Forwarded-Proto": "https" } })
    const [, seconds] =
      response.headers()["strict-transport-security"]?.match(/max-age=(\d+)/) ?? []
    expect(Number(seconds)).toBeGreaterThan(180 * 24 * 60 * 60)
  }
})

test("pages with a form or user data allow only scripts with a nonce that is never the same", async ({
  request,
  newClient,
  user,
}) => {
  const visitor = await newClient()
  await signIn(request, user)
  const nonces = []
  for (const [client, paths] of [
    [visitor, publicPages],
    [request, privatePages],
  ] as const) {
    for (const path of [...paths, ...paths]) {
      const response = await client.get(path, { maxRedirects: 0 })
      expect(policyOf(response).get("script-src"), path).not.toMatch(/unsafe|\*|https?:/)
      const nonce = nonceOf(response)
      expect(nonce, path).toMatch(/^[\w+/-]{22,}={0,2}$/)
      const scripts = (await response.text()).match(/<script[^>]*>/g) ?? []
      expect(
        scripts.filter((script) => !script.includes(`nonce="${nonce}"`)),
        path,
      ).toEqual([])
      nonces.push(nonce)
    }
  }
  expect(new Set(nonces).size).toBe(2 * (publicPages.length + privatePages.length))
})

test("the landing page is served from the build", async ({ request, user }) => {
  await signIn(request, user)
  const response = await request.get("/")
  expect(response.headers()["x-nextjs-cache"]).toBe("HIT")
  expect(response.headers()["set-cookie"]).toBeUndefined()
  expect(await response.text()).not.toContain(user.name)
  const policy = policyOf(response)
  expect(policy.get("default-src")).toBe("'self'")
  expect(policy.get("object-src")).toBe("'none'")
  expect(policy.get("base-uri")).toBe("'none'")
})

test("whatever carries a session, a redirect or a cookie is stored nowhere", async ({
  request,
  newClient,
  user,
}) => {
  const noStore = (response: APIResponse) =>
    expect(response.headers()["cache-control"], response.url()).toContain("no-store")
  noStore(await post(request, "/sign-in/email", user))
  for (const path of [
    ...privatePages,
    "/settings",
    "/sign-in",
    "/api/me",
    "/api/auth/get-session",
    "/api/auth/list-sessions",
  ]) {
    noStore(await request.get(path, { maxRedirects: 0 }))
  }
  noStore(await post(request, "/sign-out"))
  const visitor = await newClient()
  for (const path of ["/api/me", "/api/auth/get-session", "/dashboard", "/sign-in"]) {
    noStore(await visitor.get(path, { maxRedirects: 0 }))
  }
})

/** The ways in which Next's own client asks, and those in which only somebody else would. */
const spellings: [what: string, headers: Record<string, string>, query: string][] = [
  ["a page", {}, ""],
  ["a page with _rsc", {}, "?_rsc=x"],
  ["RSC", { RSC: "1" }, ""],
  ["RSC with a wrong _rsc", { RSC: "1" }, "?_rsc=x"],
  ["a prefetch", { RSC: "1", "Next-Router-Prefetch": "1" }, ""],
  [
    "a segment",
    { RSC: "1", "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_tree" },
    "",
  ],
  ["RSC from elsewhere", { RSC: "1", "Next-Url": "/dashboard" }, ""],
  ["RSC with a state", { RSC: "1", "Next-Router-State-Tree": "x" }, ""],
]
const asked = [
  ...privatePages,
  "/settings",
  "/settings/no-such-page",
  "/dashboard/a.b",
  "/admin",
  "/admin/users",
  ...publicPages.map((page) => page.split("?")[0] ?? page),
  "/dashboard/",
  "/sign-in/",
  "/settings//profile",
  "/api/me/",
  "/api/me",
]

for (const [what, headers, query] of spellings) {
  test(`${what}: no private answer and no redirect is stored, and no header of the door's gets out`, async ({
    request,
    newClient,
    user,
  }) => {
    await signIn(request, user)
    for (const client of [request, await newClient()]) {
      for (const path of [...asked, "/", "/icon.svg"]) {
        for (const method of ["GET", "HEAD"]) {
          const response = await client.fetch(`${path}${query}`, {
            method,
            headers,
            maxRedirects: 0,
          })
          const found = response.headers()
          const isRedirect = response.status() >= 300 && response.status() < 400
          const seen = [method, path, response.status(), found["cache-control"]]
          if (isRedirect || asked.includes(path)) {
            expect(seen).toEqual([...seen.slice(0, 3), expect.stringContaining("no-store")])
          } else {
            expect(seen).toEqual([...seen.slice(0, 3), expect.not.stringContaining("no-store")])
          }
          expect(JSON.stringify(found)).not.toMatch(/x-client-(address|city|country)/)
          expect(await response.text()).not.toMatch(/x-client-(address|city|country)/)
        }
      }
    }
  })
}
