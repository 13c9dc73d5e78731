/** Input nobody's browser sends: refused with a code, and nothing is changed by it. */
import { expect, test } from "./fixtures"
import { signUp } from "./support/account"
import { cameFrom, listSessions, newAddress, origin, post } from "./support/http"

const endpoints = [
  "/sign-up/email",
  "/sign-in/email",
  "/update-user",
  "/change-password",
  "/revoke-session",
  "/rename-session",
  "/request-password-reset",
  "/reset-password",
]

const json = { "Content-Type": "application/json", Origin: origin }

for (const [what, status, body, headers] of [
  ["broken JSON", 400, '{"name":', json],
  ["JSON that is no object", 400, '["name"]', json],
  ["fields of the wrong type", 400, '{"name":{},"email":[],"id":1,"token":1,"password":2}', json],
  ["a megabyte", 413, JSON.stringify({ name: "n".repeat(1024 * 1024) }), json],
  ["plain text", 415, '{"name":"Eve"}', { ...json, "Content-Type": "text/plain" }],
  ["another site's page", 403, '{"name":"Eve"}', { ...json, Origin: "https://evil.example" }],
  ["a page without an origin", 403, '{"name":"Eve"}', { ...json, Origin: "null" }],
] as const) {
  test(`${what} gets ${status} from every endpoint, and changes nothing`, async ({
    request,
    stranger,
  }) => {
    await signUp(request, stranger)
    const before = await (await request.get("/api/me")).json()
    for (const endpoint of endpoints) {
      const response = await request.post(`/api/auth${endpoint}`, {
        data: Buffer.from(body),
        headers: { ...headers, ...cameFrom(newAddress()) },
      })
      expect(response.status(), endpoint).toBe(status)
      expect(await response.json(), endpoint).toMatchObject({
        code: expect.stringMatching(/^[A-Z_]+$/),
      })
    }
    const session = await request.get("/api/auth/get-session?disableCookieCache=true")
    expect((await session.json()).user).toEqual(before.user)
    expect(await listSessions(request)).toHaveLength(1)
  })
}

test("names and pictures that are no such thing are refused", async ({ request, stranger }) => {
  await signUp(request, stranger)
  for (const [field, value] of [
    ["name", "n".repeat(200)],
    ["name", "   "],
    ["image", "javascript:alert(1)"],
    ["image", `https://pictures.example/${"p".repeat(2000)}`],
  ] as const) {
    const response = await post(request, "/update-user", { [field]: value })
    expect(response.status()).toBe(400)
    expect(await response.json()).toMatchObject({ code: `INVALID_${field.toUpperCase()}` })
  }
  const session = await request.get("/api/auth/get-session?disableCookieCache=true")
  expect((await session.json()).user).toMatchObject({ name: stranger.name, image: null })
})

test("a session's name of 200 characters is refused", async ({ request, stranger }) => {
  await signUp(request, stranger)
  const [own] = await listSessions(request)
  const response = await post(request, "/rename-session", { id: own?.id, name: "n".repeat(200) })
  expect(response.status()).toBe(400)
  expect(await response.json()).toMatchObject({ code: "INVALID_NAME" })
  expect(await listSessions(request)).toMatchObject([{ name: null }])
})

test("nobody can write the parts of a user that are not theirs to write", async ({
  request,
  stranger,
}) => {
  await signUp(request, stranger)
  for (const field of [{ emailVerified: true }, { id: "admin" }, { email: "eve@example.com" }]) {
    await post(request, "/update-user", { name: stranger.name, ...field })
  }
  const session = await request.get("/api/auth/get-session?disableCookieCache=true")
  const { user } = await session.json()
  expect(user).toMatchObject({ email: stranger.email, emailVerified: false })
  expect(user.id).not.toBe("admin")
})

test("too many sign-ins from one address get 429 with Retry-After, from another they do not", async ({
  newClient,
  user,
}) => {
  const guesser = await newClient()
  const guess = (client = guesser) =>
    post(client, "/sign-in/email", { email: user.email, password: "a guess of mine" })
  const statuses: number[] = []
  for (let tries = 0; tries < 4; tries++) statuses.push((await guess()).status())
  expect(statuses).toEqual([401, 401, 401, 429])
  const refused = await guess()
  expect(refused.status()).toBe(429)
  expect(await refused.json()).toMatchObject({ code: "TOO_MANY_REQUESTS" })
  expect(Number(refused.headers()["retry-after"])).toBeGreaterThan(0)
  expect((await guess(await newClient())).status()).toBe(401)
})
