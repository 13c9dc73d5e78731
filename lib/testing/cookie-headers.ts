/** `Cookie` headers as nobody's browser sends them: every spelling that some parser reads in its own way. */
import fc from "fast-check"

export const copyName = "better-auth.session_data"
export const tokenName = "better-auth.session_token"

/** What parsers trim, or do not. */
const blank = fc.constantFrom("", "", " ", "\t", "\u00a0", "  ", "\u0085", "\u000b", "\u000c")

/** The names of both cookies, and what looks like them. */
const name = fc.constantFrom(
  copyName,
  copyName,
  tokenName,
  ...[".0", ".1", ".00", ".x", " .0"].map((end) => `${copyName}${end}`),
  `__Host-${copyName}`,
  `__Secure-${copyName}`,
  copyName.toUpperCase(),
  `"${copyName}"`,
  copyName.replace("_", "%5F"),
  "better-auth.dont_remember",
  "a",
)

const oddValue = fc.oneof(
  fc.constantFrom("", "%", "%E0%A4%A", "%00", "%3B%20b=c", '"q"', '"', "a=b", "x.y=", "\u00e9"),
  fc.constant("x".repeat(6000)),
  fc.string({ unit: "binary-ascii", maxLength: 8 }).map((text) => text.replace(/[\0\r\n]/g, "")),
)

/** One value, written so that some parsers read it and others do not. */
const spelt = (text: string) =>
  fc.constantFrom(
    text,
    `"${text}"`,
    text.replace(/^./, (first) => `%${first.charCodeAt(0).toString(16)}`),
    `${text}%`,
    text.slice(0, -3),
  )

/**
 * Headers of a few cookies under those names.
 * @param values what stands in them besides what is odd in itself: real tokens and copies
 */
export function cookieHeaders(values: string[]): fc.Arbitrary<string> {
  const value = fc.oneof(oddValue, ...values.map((text) => ({ weight: 2, arbitrary: spelt(text) })))
  const pair = fc
    .tuple(blank, name, blank, blank, value, blank)
    .map(([a, key, b, c, text, d]) => `${a}${key}${b}=${c}${text}${d}`)
  const bare = fc.tuple(blank, name).map((parts) => parts.join(""))
  const pairs = fc.array(fc.oneof({ weight: 8, arbitrary: pair }, bare), { maxLength: 8 })
  return fc
    .tuple(pairs, fc.constantFrom(";", "; ", ";;", " ; ", ";\t"))
    .map(([parts, joint]) => parts.join(joint))
}
