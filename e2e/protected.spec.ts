/** What a visitor without a session gets, and what one with a session does not get to see. */
import { expect, test } from "./fixtures"
import { signIn } from "./support/account"
import { origin } from "./support/http"

for (const path of [
  "/dashboard",
  "/settings/security?x=1",
  "/dashboard/a.b",
  "/settings",
  "/admin",
]) {
  test(`${path} sends a visitor to sign in, and nobody may store that`, async ({ request }) => {
    const response = await request.get(path, { maxRedirects: 0 })
    expect(response.status()).toBe(307)
    const { location = "", "cache-control": cacheControl } = response.headers()
    const target = new URL(location, origin)
    expect(target.origin + target.pathname).toBe(`${origin}/sign-in`)
    expect(target.searchParams.get("callbackUrl")).toBe(path)
    expect(cacheControl).toContain("no-store")
  })
}

for (const path of ["/dashboards", "/settingsx/security"]) {
  test(`${path} is not a protected page but none at all`, async ({ request }) => {
    const response = await request.get(path, { maxRedirects: 0 })
    expect(response.status()).toBe(404)
  })
}

for (const [name, token, data] of [
  ["that are no base64", "%", "%"],
  ["without a signature", "abcdefghijklmnopqrstuvwxyz012345", "e30"],
  ["with a wrong signature", "abc.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D", "eyJhIjoxfQ"],
  ["of a thousand characters", "x".repeat(1000), "y".repeat(1000)],
] as const) {
  test(`cookies ${name} lead to the sign-in form and are taken away`, async ({ page }) => {
    const cookie = { domain: "localhost", path: "/" }
    await page.context().addCookies([
      { ...cookie, name: "better-auth.session_token", value: token },
      { ...cookie, name: "better-auth.session_data", value: data },
    ])
    await page.goto("/settings/security?x=1")
    await expect(page).toHaveURL(
      `/sign-in?callbackUrl=${encodeURIComponent("/settings/security?x=1")}`,
    )
    await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled()

    const me = await page.request.get("/api/me")
    expect(me.status()).toBe(401)
    const session = await page.request.get("/api/auth/get-session")
    expect([session.status(), await session.json()]).toEqual([200, null])
    expect(await page.context().cookies()).toEqual([])
  })
}

for (const path of ["/sign-in", "/sign-up", "/sign-in?callbackUrl=%2Fsettings%2Fprofile"]) {
  test(`someone signed in who opens ${path} is at the dashboard`, async ({ signedIn }) => {
    await signedIn.goto(path)
    await expect(signedIn).toHaveURL("/dashboard")
  })
}

test("/api/me answers 401 and nothing else to a visitor", async ({ request }) => {
  const response = await request.get("/api/me")
  expect(response.status()).toBe(401)
  expect(await response.text()).toBe('{"error":"Unauthorized"}')
})

test("/api/me answers the user and nothing else", async ({ request, user }) => {
  await signIn(request, user)
  const response = await request.get("/api/me")
  expect(response.status()).toBe(200)
  const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(await response.json()).toEqual({
    user: {
      id: expect.any(String),
      name: user.name,
      email: user.email,
      emailVerified: false,
      image: null,
      createdAt: date,
      updatedAt: date,
    },
  })
})
