/** Figures as a table, for the terminal and for `docs/performance.md`, with where they come from. */
import { readFileSync, writeFileSync } from "node:fs"
import { availableParallelism, cpus, totalmem } from "node:os"
import type { Figure } from "./figure"

const page = "docs/performance.md"
const [begin, end] = ["<!-- bench:begin -->", "<!-- bench:end -->"]

const cellsOf = ({ label, value, unit, target, ok }: Figure) => [
  label,
  value >= 1000 ? value.toLocaleString("en") : String(value),
  unit,
  target ?? "",
  target === null ? "" : ok ? "yes" : "NO",
]
const header = ["figure", "value", "unit", "target", "ok"]

export function textTable(figures: Figure[]): string {
  const rows = [header, ...figures.map(cellsOf)]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) =>
        column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd()
  return rows.map(line).join("\n")
}

/** The machine and the day, in a sentence. */
export function origin(): string {
  const gigabytes = Math.round(totalmem() / 1024 ** 3)
  const model = cpus()[0]?.model.trim() || "unknown processor"
  const day = new Date().toISOString().slice(0, 10)
  return `${model}, ${availableParallelism()} cores, ${gigabytes} GB of memory, Node ${process.version}, ${day}.`
}

/** Puts the figures between the markers of the page. */
export function writePage(figures: Figure[]): void {
  const rows = [header, ["---", "--:", "---", "---", "---"], ...figures.map(cellsOf)]
  const table = rows.map((row) => `| ${row.join(" | ")} |`).join("\n")
  const text = readFileSync(page, "utf8")
  const [before, after] = [text.split(begin)[0], text.split(end)[1]]
  if (before === text || after === undefined) throw new Error(`${page} has lost its markers.`)
  writeFileSync(page, `${before}${begin}\n\n${origin()}\n\n${table}\n\n${end}${after}`)
}

export function writeJson(file: string, figures: Figure[]): void {
  const named = figures.map(({ name, ...rest }) => [name, rest])
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(named), null, 2)}\n`)
}
