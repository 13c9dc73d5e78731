/**
 * The yardstick: the smallest app that this project's own Next can build, one static page. It lies
 * outside the project, since Turbopack would pick up the project's middleware and instrumentation.
 */
import { once } from "node:events"
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { appEnvironment, startNext, temporaryDirectory } from "../lib/app-server"

const configuration = (root: string, project: string) => ({
  turbopack: { root },
  // Lets Turbopack follow the link to the packages, which stay inside the project.
  experimental: { turbopackAdditionalRoots: { project: { path: project } } },
})

const layout = `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>
}`
const page = "export default function Page() { return <h1>Bare</h1> }"

/** Builds it in a folder that is gone when the script ends, and answers where it is. */
export async function buildBareApp(): Promise<string> {
  const directory = realpathSync(temporaryDirectory("bare"))
  const project = realpathSync(".")
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text)

  symlinkSync(join(project, "node_modules"), join(directory, "node_modules"), "junction")
  mkdirSync(join(directory, "app"))
  write("package.json", `{ "private": true, "type": "module" }`)
  write("next.config.js", `export default ${JSON.stringify(configuration(directory, project))}`)
  write("app/layout.js", layout)
  write("app/page.js", page)

  const [code] = await once(startNext(["build"], appEnvironment({}), directory), "exit")
  if (code !== 0) throw new Error("The bare app did not build.")
  return directory
}
