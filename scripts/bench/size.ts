/**
 * `npm run bench:size`: the JavaScript a browser loads first, gzipped, on three pages, against a
 * bare page of the same Next, and what a page pays for `useUserSession` and its calls alone. Exits with
 * 1 when one of them is over its budget.
 *
 * --no-build: take the build that is there. --json FILE: write the figures there as well.
 */
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { appEnvironment, startApp, startNext } from "../lib/app-server"
import { runMain } from "../lib/process"
import { buildAppCopy } from "./app-copy"
import { buildBareApp } from "./bare-app"
import { scriptBytes } from "./page-scripts"
import { signUp } from "./sign-up"

/** What a page may weigh above the bare one, in kB of 1000 bytes. */
const budgets = [
  { page: "/", budget: 25, signedIn: false },
  { page: "/sign-in", budget: 35, signedIn: false },
  { page: "/settings/security", budget: 60, signedIn: true },
]

/** What the hook and the client may add to a page, in kB. */
const hookBudget = 12

const layout = `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>
}`
/** One page that has a component of its own, and the same with the hook and its calls in it. */
const sizeFiles = {
  "app/layout.tsx": layout,
  "app/without/page.tsx": `import { Plain } from "@/components/plain"
export default function Page() { return <Plain /> }`,
  "app/with/page.tsx": `import { Account } from "@/components/account"
export default function Page() { return <Account /> }`,
  "components/plain.tsx": `"use client"
export function Plain() { return <button type="button" onClick={() => alert("x")}>x</button> }`,
  "components/account.tsx": `"use client"
import { authClient, useUserSession } from "@/lib/auth-client"
export function Account() {
  const { user, signOut } = useUserSession()
  return <>
    <button type="button" onClick={() => signOut()}>{user?.name}</button>
    <button type="button" onClick={() => authClient.listSessions()}>x</button>
  </>
}`,
}

const { values: options } = parseArgs({
  options: { json: { type: "string" }, "no-build": { type: "boolean" } },
})

const kB = (bytes: number) => (bytes / 1000).toFixed(1).padStart(10)

async function measureBare(): Promise<number> {
  const server = await startApp({}, { cwd: await buildBareApp(), readyPath: "/" })
  const { total } = await scriptBytes(`${server.url}/`)
  await server.stop()
  return total
}

/** What the hook and the client add to a page that has neither. */
async function measureHook() {
  const server = await startApp({}, { cwd: await buildAppCopy(false, sizeFiles) })
  const without = await scriptBytes(`${server.url}/without`)
  const withHook = await scriptBytes(`${server.url}/with`)
  await server.stop()
  const above = withHook.total - without.total
  return { page: "hook and client", total: withHook.total, above, budget: hookBudget * 1000 }
}

async function measureApp(bare: number) {
  if (!options["no-build"]) {
    const [code] = await once(startNext(["build"], appEnvironment({})), "exit")
    if (code !== 0) throw new Error("next build failed.")
  }
  const server = await startApp()
  const cookie = await signUp(server.url)
  const results = []
  for (const { page, budget, signedIn } of budgets) {
    const { total, scripts } = await scriptBytes(`${server.url}${page}`, signedIn ? cookie : "")
    const above = total - bare
    results.push({ page, total, above, budget: budget * 1000, ok: above <= budget * 1000, scripts })
  }
  await server.stop()
  return results
}

await runMain(async () => {
  const bare = await measureBare()
  const hook = await measureHook()
  const pages = [
    ...(await measureApp(bare)),
    { ...hook, ok: hook.above <= hook.budget, scripts: [] },
  ]

  console.log(`\nFirst-load JavaScript, gzipped, in kB (a bare page: ${kB(bare).trim()})\n`)
  console.log(`${"page".padEnd(20)}     total     above    budget`)
  for (const { page, total, above, budget, ok } of pages) {
    const verdict = ok ? "ok" : "OVER"
    console.log(`${page.padEnd(20)}${kB(total)}${kB(above)}${kB(budget)}  ${verdict}`)
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ bare, pages }, null, 2)}\n`)
  return pages.every(({ ok }) => ok) ? 0 : 1
})
