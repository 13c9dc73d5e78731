/** The log of a real server, while clients write into everything that could end up in it. */
import { once } from "node:events"
import { connect } from "node:net"
import { forgeries, isOwnLine } from "../lib/testing/forgeries"
import { expect, test } from "./fixtures"
import { newAddress } from "./support/http"
import { newDataDir, Server } from "./support/server"
import { Visitor } from "./support/visitor"

let server: Server
test.beforeAll(async () => {
  server = await Server.start({
    DATABASE_URL: process.env.DATABASE_URL ?? "",
    DATA_DIR: newDataDir(),
  })
  await server.expectHealth(200)
})
test.afterAll(() => server.kill())

/** What is written as it is, byte by byte; no client library would send it. */
async function sendRaw(method: string, target: string, headers: Record<string, string>) {
  const socket = connect(Number(new URL(server.url).port), "localhost")
  const sent = { Host: new URL(server.url).host, Connection: "close", ...headers }
  const lines = Object.entries(sent).map(([name, value]) => `${name}: ${value}`)
  socket.end(Buffer.from([`${method} ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n"), "utf8"))
  socket.resume()
  await once(socket, "close")
}

test("no line begins with, or hides, what a client wrote", async () => {
  const visitor = new Visitor(server.url)
  await visitor.signUp("ana@example.com")
  const before = server.output.length
  for (const text of forgeries) {
    const encoded = encodeURIComponent(text)
    const url = `https://evil.example/${text}`
    // A header ends at the end of a line; the rest may stand in it.
    const header = text.replace(/[\r\n\0]/g, "")
    for (const name of ["Next-Action", "Next-Router-State-Tree", "User-Agent", "Origin"]) {
      const cookie = `better-auth.session_token=${encoded}; better-auth.session_data=${encoded}`
      await sendRaw("POST", "/sign-in", { [name]: header, Cookie: cookie })
      await sendRaw("GET", `/dashboard/${encoded}?_rsc=${encoded}`, { [name]: header, RSC: "1" })
    }
    await sendRaw("GET", `/_next/image?url=%${encoded}`, {})
    await sendRaw("GET", `http://evil${encoded}/`, {})
    await sendRaw("GET", `/api/auth/${encoded}`, {})
    for (const path of [
      `/reset-password/x?callbackURL=${encodeURIComponent(url)}`,
      `/callback/${encoded}?state=${encoded}&error=${encoded}`,
    ]) {
      await visitor.request(`/api/auth${path}`)
    }
    await visitor.post("/sign-up/email", {
      name: text,
      email: text,
      password: text,
      callbackURL: url,
    })
    await visitor.post("/sign-in/email", { email: `${newAddress()}@example.com`, password: text })
    await visitor.post("/request-password-reset", { email: "a@example.com", redirectTo: url })
  }
  await visitor.post("/sign-out")
  const last = () => server.output.slice(before).trimEnd().split("\n")
  // Its line comes after all others.
  await expect.poll(() => last().some((line) => line.startsWith('{"event":"sign-out"'))).toBe(true)
  const lines = last()
  // That it was tried at all: by Better Auth, and by Next.
  expect(lines.some((line) => line.includes("Invalid callbackURL"))).toBe(true)
  expect(lines.some((line) => line.includes("Server Reference ID"))).toBe(true)
  expect(lines.filter((line) => line !== "" && !isOwnLine(line))).toEqual([])
})
