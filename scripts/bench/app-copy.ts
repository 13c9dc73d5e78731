/**
 * A copy of this app with one more route: `/api/bare`, which answers what `/api/me` does without
 * asking who is there, and with what else a figure or a test needs. Built outside the project, so that
 * neither its source nor its build change.
 */
import { once } from "node:events"
import { cpSync, mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { appEnvironment, startNext, temporaryDirectory } from "../lib/app-server"
import { sampleUser } from "./sample"

/** What the build does not read, or must make itself. */
const left = [".git", ".next", ".data", "node_modules", "e2e", "test-results", "playwright-report"]
const isCopied = (path: string) => !left.includes(path) && !basename(path).startsWith(".env")
/** Pages and what they show. No figure loads one, and most of the build is for them. */
const isPage = (path: string) => /^(components|app\/(?!api))/.test(path)

const bareRoute = `const user = ${JSON.stringify(sampleUser)}
export const GET = () => Response.json({ user })
`

const configuration = (root: string, project: string) => `import config from "./project.config"
export default {
  ...config,
  turbopack: { root: ${JSON.stringify(root)} },
  // Lets Turbopack follow the link to the packages, which stay inside the project.
  experimental: {
    ...config.experimental,
    // Nobody builds this again.
    turbopackFileSystemCacheForBuild: false,
    turbopackAdditionalRoots: { project: { path: ${JSON.stringify(project)} } },
  },
  // The project's own build checks them.
  typescript: { ignoreBuildErrors: true },
}
`

/**
 * Builds the copy in a folder that is gone when the script ends, and answers where it is.
 * @param withPages false leaves the pages out, and the handlers as they are
 * @param files more files of the copy, by their paths; they replace what is there
 */
export async function buildAppCopy(
  withPages: boolean,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const directory = realpathSync(temporaryDirectory("bench"))
  const project = realpathSync(".")
  cpSync(project, directory, {
    recursive: true,
    filter: (source) => {
      const path = relative(project, source)
      return isCopied(path) && (withPages || !isPage(path))
    },
  })
  symlinkSync(join(project, "node_modules"), join(directory, "node_modules"), "junction")
  renameSync(join(directory, "next.config.ts"), join(directory, "project.config.ts"))
  writeFileSync(join(directory, "next.config.ts"), configuration(directory, project))
  for (const [name, text] of Object.entries({ "app/api/bare/route.ts": bareRoute, ...files })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }

  const [code] = await once(startNext(["build"], appEnvironment({}), directory), "exit")
  if (code !== 0) throw new Error("The copy of the app did not build.")
  return directory
}
