/** The presets in the guide are environments that work, and are what they say they are. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readEnvironment } from "@/lib/env"
import { days, hours } from "@/lib/time"

const guide = readFileSync(join(process.cwd(), "docs/sessions.md"), "utf8")

/** Each block of environment lines, by the name of its preset. */
const presets = new Map(
  [...guide.matchAll(/^```env preset:(\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, name = "", block = ""]) => {
      const lines = block.trim().split("\n")
      return [name, Object.fromEntries(lines.map((line) => line.split("=", 2)))] as const
    },
  ),
)

const production = {
  NODE_ENV: "production",
  BETTER_AUTH_SECRET: "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg==",
  BETTER_AUTH_URL: "https://app.example.org",
}

const limitsOf = (name: string) => {
  const preset = presets.get(name)
  if (!preset) throw new Error(`There is no preset ${name}.`)
  const read = readEnvironment({ ...production, ...preset }) as Record<string, unknown>
  // What the block says is what counts: no name in it is misspelt.
  for (const [variable, value] of Object.entries(preset)) {
    expect([variable, String(read[variable])]).toEqual([variable, value])
  }
  return read
}

describe("the presets", () => {
  it("are these two", () => {
    expect([...presets.keys()]).toEqual(["aal1", "aal2"])
  })

  it("AAL1: 30 days after sign-in, which is what an empty environment means", () => {
    const limits = limitsOf("aal1")
    expect(limits.SESSION_ABSOLUTE_LIFETIME).toBe(days(30))
    expect(readEnvironment({})).toMatchObject(
      Object.fromEntries(
        Object.keys(presets.get("aal1") ?? {}).map((name) => [name, limits[name]]),
      ),
    )
  })

  it("AAL2: 24 hours after sign-in, one hour after use", () => {
    expect(limitsOf("aal2")).toMatchObject({
      SESSION_ABSOLUTE_LIFETIME: hours(24),
      SESSION_EXPIRES_IN: hours(1),
    })
  })
})
