import { beforeAll, expect, it, vi } from "vitest"

type Testing = typeof import("@/lib/testing/browser")
let testing: Testing

beforeAll(async () => {
  vi.stubEnv("BETTER_AUTH_URL", "https://app.example.org")
  vi.resetModules()
  testing = await import("@/lib/testing/browser")
  const { openDatabase } = await import("@/lib/db/migrate")
  await openDatabase()
})

it("are tied to this very host over https, and out of reach for scripts and other sites", async () => {
  const { newBrowser, newEmail } = testing
  const response = await newBrowser().signUp(newEmail())
  const cookies = response.headers.getSetCookie()
  expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual([
    "__Host-better-auth.session_token",
    "__Host-better-auth.session_data",
  ])
  for (const cookie of cookies) {
    const attributes = cookie.split("; ").slice(1)
    expect(attributes).toEqual(
      expect.arrayContaining(["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]),
    )
    expect(attributes.some((attribute) => attribute.startsWith("Domain"))).toBe(false)
  }
})
