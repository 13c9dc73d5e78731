/** Holds the documentation to the code: what it shows compiles, and what it quotes is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { compileSnippets, missingPart, readSnippets, type Snippet } from "@/scripts/lib/snippets"

const root = process.cwd()

const documents = readdirSync(root, { recursive: false, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .concat(
    readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join("docs", name)),
  )
  .map((file) => ({ file, markdown: readFileSync(join(root, file), "utf8") }))

const snippets = documents.flatMap(({ file, markdown }) => readSnippets(file, markdown))
const isExcerpt = ({ title }: Snippet) => title.startsWith("from:")
const complete = snippets.filter((snippet) => !isExcerpt(snippet))
const excerpts = snippets.filter(isExcerpt)

const nameOf = ({ file, line, title }: Snippet) => `${file}:${line} ${title}`.trim()

/** Uses what is not there, on its second line. */
const planted: Snippet = {
  file: "planted.md",
  line: 10,
  title: "",
  language: "ts",
  code: 'import { getSession } from "@/lib/session"\n(await getSession())?.session.token\n',
}

describe("a snippet in the documentation", () => {
  let compiled: string[][]

  beforeAll(() => {
    compiled = compileSnippets([...complete, planted], root)
  }, 180_000)

  it("is there to be compiled", () => {
    expect(complete.filter(({ file }) => file.endsWith("sessions.md")).length).toBeGreaterThan(10)
  })

  it.each(complete.map((snippet, at) => [nameOf(snippet), at] as const))(
    "compiles: %s",
    (_, at) => {
      expect(compiled[at]).toEqual([])
    },
  )

  it("is refused, with its line, when it uses what is not there", () => {
    expect(compiled.at(-1)).toEqual([
      expect.stringMatching(/^planted\.md:11: .*'token' does not exist/),
    ])
  })

  it.each(excerpts.map((snippet) => [nameOf(snippet), snippet] as const))(
    "is quoted as it stands: %s",
    (_, { title, code }) => {
      const source = readFileSync(join(root, title.slice("from:".length)), "utf8")
      expect(missingPart(code, source)).toBeNull()
    },
  )
})

/** Where a Markdown file points inside the project: links, and paths in `code`. */
function pointers({ file, markdown }: { file: string; markdown: string }): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, "")
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)]
    .map(([, link = "", attribute = ""]) => (link || attribute).split("#")[0] ?? "")
    .filter((target) => target !== "" && !/^(https?|mailto):/.test(target))
    .map((target) => join(dirname(file), target))
  const paths = [...prose.matchAll(/`([\w.()[\]/-]+)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => /^(app|components|docs|drizzle|e2e|lib|scripts)\/|\.(tsx?|md)$/.test(path))
  return [...links, ...paths]
}

describe("a file that the documentation names", () => {
  const guides = documents.filter(
    ({ file }) => file === "README.md" || /^docs[\\/][\w-]+\.md$/.test(file),
  )

  it.each(guides.map((document) => [document.file, document] as const))(
    "is there: %s",
    (_, document) => {
      const missing = pointers(document).filter((path) => !existsSync(join(root, path)))
      expect(missing).toEqual([])
    },
  )
})
