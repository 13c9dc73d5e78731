/** Behind the proxy of the deployment guide, people with the longest of everything can do what others can. */
import type { APIRequestContext, APIResponse } from "@playwright/test"
import { freePort } from "../scripts/lib/app-server"
import { expect, test } from "./fixtures"
import { cameFrom, newAddress } from "./support/http"
import { Nginx, whyNoNginx } from "./support/nginx"
import { newDataDir, Server } from "./support/server"

const password = "p".repeat(128)
/** As long as an address may be: 254 characters. */
const email = (mark: string) =>
  `${mark.padEnd(64, "a")}@${["b", "c"].map((letter) => letter.repeat(63)).join(".")}.${"d".repeat(57)}.com`

/** The longest of several alphabets: by bytes, as JSON writes it, or in characters of two halves. */
const alphabets = {
  "wide characters": "字",
  "characters of four bytes": "😀",
  "halves of characters": "\ud83d",
  "characters that JSON escapes": '"',
}
/** The longest first: the first that is accepted is the longest that a form accepts. */
const lengths = (longest: number) =>
  Array.from({ length: 40 }, (_, at) => Math.floor(longest * 0.9 ** at)).filter((one) => one > 0)

/** All that an answer wants kept, in bytes. */
const cookieBytes = (response: APIResponse) =>
  response
    .headersArray()
    .filter(({ name }) => name.toLowerCase() === "set-cookie")
    .reduce((bytes, { name, value }) => bytes + Buffer.byteLength(`${name}: ${value}\r\n`), 0)

for (const buffers of ["the guide's buffers", "nginx's own buffers"]) {
  test.describe(`with ${buffers}`, () => {
    let server: Server
    let nginx: Nginx

    test.beforeAll(async () => {
      const reason = whyNoNginx()
      test.skip(reason !== null, reason ?? "")
      const port = await freePort()
      server = await Server.start({
        DATABASE_URL: process.env.DATABASE_URL ?? "",
        DATA_DIR: newDataDir(),
        BETTER_AUTH_URL: `https://localhost:${port}`,
        TRUSTED_PROXIES: "127.0.0.1",
      })
      await server.expectHealth(200)
      const target = server.url.replace("localhost", "127.0.0.1")
      nginx = await Nginx.start(port, target, buffers === "nginx's own buffers")
    })

    test.afterAll(async () => {
      await nginx?.stop()
      await server?.kill()
    })

    for (const [name, character] of Object.entries(alphabets)) {
      test(`the longest of everything, in ${name}`, async ({ playwright }) => {
        test.slow()
        const open = () =>
          playwright.request.newContext({
            baseURL: nginx.url,
            ignoreHTTPSErrors: true,
            userAgent: '"'.repeat(512),
            extraHTTPHeaders: { ...cameFrom(newAddress()), Origin: nginx.url },
          })
        const client = await open()
        let most = 0
        const post = async (path: string, data: object, by: APIRequestContext = client) => {
          const headers = cameFrom(newAddress())
          const response = await by.post(`/api/auth${path}`, { data, headers })
          const said = `${path} ${response.status()} ${nginx.errors()}`
          expect(response.status(), said).toBeLessThan(500)
          // nginx refuses cookies of more than 8 kB by itself, with a page.
          expect(response.headers()["content-type"], said).toContain("application/json")
          most = Math.max(most, cookieBytes(response))
          return response
        }
        /** Sends the longest text that is accepted; where an alphabet is refused as such, of plain letters. */
        const longest = async (path: string, most: number, body: (text: string) => object) => {
          const texts = [character, "a"].flatMap((one) => lengths(most).map((at) => one.repeat(at)))
          for (const text of texts) {
            const response = await post(path, body(text))
            if (response.ok()) return
            expect(response.status(), await response.text()).toBe(400)
          }
          throw new Error(`${path} accepted nothing.`)
        }
        const account = { email: email(`${Date.now()}`), password }

        await longest("/sign-up/email", 100, (text) => ({ ...account, name: text }))
        await longest("/update-user", 1024, (text) => ({ image: `https://a.example/${text}` }))
        await longest("/update-user", 100, (text) => ({ name: text }))
        const [session] = await (await client.get("/api/auth/list-sessions")).json()
        await longest("/rename-session", 64, (text) => ({ id: session.id, name: text }))

        for (const rememberMe of [true, false]) {
          const other = await open()
          const signedIn = await post("/sign-in/email", { ...account, rememberMe }, other)
          expect(signedIn.status()).toBe(200)
          for (const path of ["/dashboard", "/settings/profile", "/api/me"]) {
            expect([path, (await other.get(path)).status()]).toEqual([path, 200])
          }
          const signedOut = await post("/sign-out", {}, other)
          expect(signedOut.status()).toBe(200)
          await other.dispose()
        }
        // A read that renews the copy in the cookie sends it as well.
        const read = await client.get("/api/auth/get-session?disableCookieCache=true")
        expect(read.status(), nginx.errors()).toBe(200)
        most = Math.max(most, cookieBytes(read))
        const newPassword = "q".repeat(128)
        const change = { currentPassword: password, newPassword, revokeOtherSessions: true }
        expect((await post("/change-password", change)).status()).toBe(200)
        expect((await post("/sign-out", {})).status()).toBe(200)
        await client.dispose()
        expect(nginx.errors()).not.toContain("too big header")
        expect(most, "bytes of Set-Cookie in one answer").toBeLessThan(3500)
      })
    }
  })
}
