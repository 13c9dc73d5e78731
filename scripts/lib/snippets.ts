/**
 * The code in the documentation: finds every TypeScript block of a Markdown file and compiles them
 * against this project, so that no guide shows what does not exist. Writes nothing into the project.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative, resolve } from "node:path"

export type Snippet = {
  /** The Markdown file, relative to the project. */
  file: string
  /** The line of the file on which the code begins, counted from 1. */
  line: number
  /** The first word after the language: a path to write to, or `from:<path>` for an excerpt. */
  title: string
  language: "ts" | "tsx"
  code: string
}

/** The TypeScript blocks of `markdown`, in their order. */
export function readSnippets(file: string, markdown: string): Snippet[] {
  const blocks = markdown.matchAll(/^```(tsx?|typescript|javascript|jsx?)\b(.*)\n([\s\S]*?)^```$/gm)
  return [...blocks].map(({ index, 1: language = "", 2: info = "", 3: code = "" }) => {
    if (language !== "ts" && language !== "tsx") {
      throw new Error(`${file}: write \`\`\`ts or \`\`\`tsx, not \`\`\`${language}.`)
    }
    const line = markdown.slice(0, index).split("\n").length + 1
    return { file, line, title: info.trim().split(/\s+/)[0] ?? "", language, code }
  })
}

/** Without indentation and blank lines, so that an excerpt may be cut out of a deeper level. */
function plain(code: string): string {
  return code
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join("\n")
}

/** The first part of `excerpt` that `source` does not have, or null. `// ...` leaves something out. */
export function missingPart(excerpt: string, source: string): string | null {
  let rest = `${plain(source)}\n`
  for (const part of excerpt.split(/^\s*\/\/ \.\.\.$/m).map(plain)) {
    const at = rest.indexOf(`${part}\n`)
    if (at < 0) return part
    rest = rest.slice(at + part.length + 1)
  }
  return null
}

/**
 * Compiles each snippet as a module of its own with the project's settings, in a folder outside it.
 * @returns what the compiler says about each snippet, with the line of the Markdown file; empty: fine
 */
export function compileSnippets(snippets: Snippet[], root: string): string[][] {
  // The real path: the compiler reports files by it, and reads it back for imports.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "next-session-starter-snippets-")))
  try {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction")
    const files = snippets.map(({ language, code }, at) => {
      const path = join(folder, `snippet-${at}`, `code.${language}`)
      mkdirSync(dirname(path))
      // Without an import of its own a file would be a script, and share its names with the others.
      writeFileSync(path, `${code}export {}\n`)
      return path
    })
    const config = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        incremental: false,
        typeRoots: [join(root, "node_modules/@types")],
        paths: { "@/*": [`${root}/*`] },
      },
      files,
      include: [],
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config))
    const compiler = join(root, "node_modules/typescript/bin/tsc")
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [compiler, "--noEmit", "--pretty", "false", "-p", folder],
      { cwd: folder, encoding: "utf8" },
    )
    const found = snippets.map((): string[] => [])
    const unplaced: string[] = []
    for (const message of `${stdout}${stderr}`.split("\n").filter(Boolean)) {
      const [, path = "", line, text] = /^(.+?)\((\d+),\d+\): error (.*)$/.exec(message) ?? []
      const at = files.indexOf(resolve(folder, path))
      const snippet = snippets[at]
      if (snippet) found[at]?.push(`${snippet.file}:${snippet.line + Number(line) - 1}: ${text}`)
      else unplaced.push(message)
    }
    const isClean = unplaced.length === 0 && found.every((messages) => messages.length === 0)
    // An error elsewhere, such as a compiler that did not run, must not pass for success.
    if (unplaced.length > 0 || (status !== 0 && isClean)) {
      throw new Error(
        `The snippets in ${relative(root, folder)} were not compiled:\n${unplaced.join("\n")}`,
      )
    }
    return found
  } finally {
    // The link is removed as a link; what it points to stays.
    rmSync(folder, { recursive: true, force: true })
  }
}
