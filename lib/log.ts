/**
 * What the server writes for people. A message may quote a client, and an error's message may hold what
 * one sent, so both become one line here. No token, link or address of a mail may be given to it.
 */
import { inspect, types } from "node:util"
import { env } from "./env"
import { printable } from "./printable"

const longestLine = 500

/** Where it was thrown: the lines of a stack after its message, which could imitate them. */
function framesOf({ stack = "", message }: Error): string[] {
  const at = stack.indexOf(message)
  if (at < 0) return []
  const lines = stack.slice(at + message.length).split("\n")
  return lines.filter((line) => /^ {4}at \S/.test(line)).map((line) => printable(line, longestLine))
}

function headOf(error: Error): string {
  const { code, digest } = error as { code?: unknown; digest?: unknown }
  const marks = [code && `code ${code}`, digest && `digest ${digest}`].filter(Boolean).join(", ")
  return printable(`${error.name}: ${error.message}${marks && ` (${marks})`}`, longestLine)
}

/** An error with its stack and its causes, of which no line is anybody else's. */
export function describeError(error: Error, depth = 0): string {
  const lines = [headOf(error), ...framesOf(error)]
  const causes = [error.cause, ...(error instanceof AggregateError ? error.errors : [])]
  for (const cause of causes.slice(0, 5)) {
    if (types.isNativeError(cause) && depth < 5) {
      lines.push(`    caused by ${describeError(cause, depth + 1)}`)
    }
  }
  return lines.join("\n")
}

const describe = (detail: unknown) => {
  if (types.isNativeError(detail)) return describeError(detail)
  const text = typeof detail === "string" ? detail : inspect(detail, { breakLength: Infinity })
  return printable(text, longestLine)
}

/** One line, with the stacks of the errors among `details` below it. */
export const lineOf = (message: string, details: readonly unknown[]): string =>
  [
    printable(message, longestLine),
    ...details.filter((detail) => detail !== undefined).map(describe),
  ].join(" ")

const shared = globalThis as typeof globalThis & { said?: Set<string> }

/** Warns of something that is true of every request, the first time it is seen. */
export function warnOnce(what: string, message: string): void {
  shared.said ??= new Set()
  if (shared.said.has(what)) return
  shared.said.add(what)
  console.warn(lineOf(message, []))
}

/**
 * Makes the console describe errors as we do, since Next and libraries hand it what was thrown while a
 * request was answered. Not in development, where Next shows the source of each line of a stack.
 */
export function guardConsole(): void {
  if (env.NODE_ENV !== "production") return
  const { console } = globalThis
  for (const level of ["log", "info", "warn", "error"] as const) {
    const write = console[level].bind(console)
    console[level] = (...parts: unknown[]) =>
      write(...parts.map((part) => (types.isNativeError(part) ? describeError(part) : part)))
  }
}
