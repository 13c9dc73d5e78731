/** The environment is described in three places; all of them must name what `lib/env.ts` reads. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readEnvironment } from "@/lib/env"

const read = (file: string) => readFileSync(join(process.cwd(), file), "utf8")

/** Set by the platform, by Next or by the tool that runs the app: nothing for a user to set. */
const setByThePlatform = [
  "NODE_ENV",
  "PORT",
  "NEXT_PHASE",
  "VERCEL",
  "VERCEL_ENV",
  "VERCEL_URL",
  "VERCEL_PROJECT_PRODUCTION_URL",
]

/** The names in `lib/env.ts`, from its text: optional variables leave no trace in what it answers. */
function variables(): string[] {
  const [, block = ""] = /const variables = \{\n([\s\S]*?)\n\}\n/.exec(read("lib/env.ts")) ?? []
  return [...block.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map(([, name = ""]) => name)
}

const userVariables = variables().filter((name) => !setByThePlatform.includes(name))

/** The rows of README.md's environment table: name, default and meaning, as written. */
const table = [
  ...read("README.md").matchAll(/^\| `([A-Z][A-Z0-9_]*)` \| (.*?) \| (.*?) \|$/gm),
].map(([, name = "", fallback = "", meaning = ""]) => ({ name, fallback, meaning }))

/** The entries of `.env.example`: names and values, all of them commented out. */
const example = [...read(".env.example").matchAll(/^# ?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
  ([, name = "", value = ""]) => ({ name, value }),
)

describe("every variable that a user sets", () => {
  it("is found in lib/env.ts", () => {
    expect(variables()).toEqual(expect.arrayContaining([...setByThePlatform, "BETTER_AUTH_SECRET"]))
    expect(userVariables.length).toBeGreaterThan(5)
  })

  it("is in the table of README.md, once, in the same order", () => {
    expect(table.map(({ name }) => name)).toEqual(userVariables)
  })

  it("is in .env.example, once, in the same order", () => {
    expect(example.map(({ name }) => name)).toEqual(userVariables)
  })

  it("is shown with its real default where that is a number or a folder", () => {
    const defaults = readEnvironment({}) as Record<string, unknown>
    for (const { name, fallback } of table) {
      const value = defaults[name]
      if (typeof value !== "number" && name !== "DATA_DIR") continue
      expect([name, fallback.split("`")[1]]).toEqual([name, String(value)])
      const { value: sample } = example.find((entry) => entry.name === name) ?? {}
      expect([name, sample]).toEqual([name, String(value)])
    }
  })

  it("is commented out in .env.example, so that a copy of it changes nothing", () => {
    expect(read(".env.example")).not.toMatch(/^[A-Z]/m)
  })
})

describe("a name in capitals in a guide", () => {
  const code = readdirSync(join(process.cwd(), "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => read(join("lib", file)))
    .join("\n")

  it.each(["docs/sessions.md", "docs/deploy.md", "docs/security.md"])(
    "is in the code: %s",
    (file) => {
      const names = [...read(file).matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`/g)].map(
        ([, name = ""]) => name,
      )
      expect(names.length).toBeGreaterThan(0)
      expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([])
    },
  )
})
