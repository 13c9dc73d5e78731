/**
 * What a hundred components that use the hook cost on a static page: a build of this app whose landing
 * page is made of nothing else, in a real browser.
 */
import { rmSync } from "node:fs"
import { buildAppCopy } from "../scripts/bench/app-copy"
import { expect, test } from "./fixtures"
import { newAccount } from "./support/account"
import { newDataDir, Server } from "./support/server"
import { Visitor } from "./support/visitor"

const count = 100

const many = `"use client"
import { useUserSession } from "@/lib/auth-client"

export const counts = { renders: 0 }

function One() {
  const { user, ready, loggedIn } = useUserSession()
  counts.renders += 1
  if (typeof window !== "undefined") Object.assign(window, { counts })
  return <li>{!ready ? "Loading" : loggedIn ? user?.name : "Nobody"}</li>
}

export function Many() {
  return <ul>{Array.from({ length: ${count} }, (_, at) => <One key={at} />)}</ul>
}
`
const page = `import { Many } from "@/components/many"
export default function Page() { return <main><Many /></main> }
`

type Counted = Window & { counts: { renders: number }; heard: Record<string, number> }

// The database is the same for all; one build is enough.
if (!process.env.DATABASE_URL) {
  let server: Server
  let copy = ""
  test.beforeAll(async () => {
    test.setTimeout(300_000)
    copy = await buildAppCopy(true, { "components/many.tsx": many, "app/page.tsx": page })
    server = await Server.start({ DATABASE_URL: "", DATA_DIR: newDataDir() }, copy)
    await server.expectHealth(200)
  })
  test.afterAll(async () => {
    await server?.kill()
    if (copy) rmSync(copy, { recursive: true, force: true })
  })

  test(`${count} components make one request, one subscription, and render only for news`, async ({
    page,
  }) => {
    const visitor = new Visitor(server.url)
    await visitor.signUp(newAccount().email)
    await page
      .context()
      .addCookies([...visitor.cookies].map(([name, value]) => ({ name, value, url: server.url })))
    await page.addInitScript(() => {
      const heard: Record<string, number> = { channels: 0 }
      for (const target of [window, document]) {
        const listen = target.addEventListener.bind(target)
        target.addEventListener = (type: string, ...rest: [never]) => {
          heard[type] = (heard[type] ?? 0) + 1
          listen(type, ...rest)
        }
      }
      window.BroadcastChannel = class extends BroadcastChannel {
        constructor(name: string) {
          super(name)
          heard.channels = (heard.channels ?? 0) + 1
        }
      }
      Object.assign(window, { heard })
    })
    const reads: string[] = []
    page.on("request", (request) => {
      if (request.url().includes("get-session")) reads.push(request.url())
    })
    const state = () =>
      page.evaluate(() => {
        const { counts, heard } = window as unknown as Counted
        return { renders: counts.renders, heard }
      })

    await page.goto(server.url)
    await expect(page.getByRole("listitem").filter({ hasText: "Ana" })).toHaveCount(count)
    expect(reads).toHaveLength(1)
    const first = await state()
    expect(first.heard.channels).toBe(1)
    // SWR has a pair of its own for all its keys; ours is the other one.
    expect(first.heard.focus).toBeLessThanOrEqual(2)
    expect(first.heard.visibilitychange).toBeLessThanOrEqual(3)
    expect(first.renders).toBeLessThanOrEqual(3 * count)

    // Told again what they know, they do not render.
    const again = page.waitForResponse("**/api/auth/get-session")
    await page.clock.install({ time: Date.now() + 10_000 })
    await page.evaluate(() => window.dispatchEvent(new Event("focus")))
    await (await again).finished()
    await page.evaluate(() => navigator.locks.request("session", { mode: "exclusive" }, () => null))
    expect(reads).toHaveLength(2)
    expect((await state()).renders).toBe(first.renders)

    // Told something new, each renders once.
    await visitor.post("/update-user", { name: "Bea" })
    const cookie = [...visitor.cookies].map(([name, value]) => ({ name, value, url: server.url }))
    await page.context().addCookies(cookie)
    await page.clock.fastForward(10_000)
    await page.evaluate(() => window.dispatchEvent(new Event("focus")))
    await expect(page.getByRole("listitem").filter({ hasText: "Bea" })).toHaveCount(count)
    expect((await state()).renders).toBe(first.renders + count)
  })
}
