/**
 * What browsers that the app supports do not have: Chrome and Firefox 111, Safari 16.4, as Next does.
 * Each entry is newer than one of them at least.
 */

type Newer = {
  /** Where it is: what a test takes away. */
  api: string
  /** How a use of it looks in built code; left out where a short name means other things too. */
  use?: RegExp
  /** Why a use does no harm: who stands in for it, or asks before. */
  harmless?: string
}

const method = (owner: string, ...names: string[]): Newer[] =>
  names.map((name) => ({ api: `${owner}.prototype.${name}`, use: new RegExp(`\\.${name}\\(`) }))

const unnamed = (owner: string, ...names: string[]): Newer[] =>
  names.map((name) => ({ api: `${owner}.prototype.${name}` }))

const fixed = (owner: string, ...names: string[]): Newer[] =>
  names.map((name) => ({ api: `${owner}.${name}`, use: new RegExp(`\\b${owner}\\.${name}\\b`) }))

const popover = "components/ui/popover.ts stands in for it"

export const newerApis: Newer[] = [
  ...fixed("AbortSignal", "any"),
  ...fixed("Promise", "withResolvers", "try"),
  ...fixed("Array", "fromAsync"),
  ...fixed("Object", "groupBy"),
  ...fixed("Map", "groupBy"),
  ...fixed("URL", "parse"),
  { api: "URL.canParse", use: /\bcanParse\(/, harmless: "Next brings its own where it is missing" },
  ...fixed("Response", "json"),
  ...fixed("RegExp", "escape"),
  ...fixed("Error", "isError"),
  ...fixed("Iterator", "from"),
  ...fixed("Intl", "Segmenter", "DurationFormat"),
  ...fixed("Uint8Array", "fromBase64", "fromHex"),
  ...fixed("ReadableStream", "from"),
  ...method("Array", "toSorted", "toReversed", "toSpliced"),
  ...unnamed("Array", "with"),
  ...unnamed("Set", "union", "intersection", "difference", "symmetricDifference", "isSubsetOf"),
  ...unnamed("Iterator", "map", "filter", "take", "drop", "toArray", "some", "every", "find"),
  ...method("String", "isWellFormed", "toWellFormed"),
  ...method("Uint8Array", "toBase64", "toHex"),
  ...method("Element", "checkVisibility", "setHTMLUnsafe", "moveBefore"),
  ...method("HTMLDialogElement", "requestClose"),
  { api: "HTMLElement.prototype.showPopover", use: /\.showPopover\(/, harmless: popover },
  { api: "HTMLElement.prototype.hidePopover", use: /\.hidePopover\(/, harmless: popover },
  ...method("HTMLElement", "togglePopover"),
  { api: "HTMLElement.prototype.popover" },
  { api: "HTMLButtonElement.prototype.popoverTargetElement", use: /\.popoverTargetElement\b/ },
  {
    api: "Document.prototype.startViewTransition",
    use: /\.startViewTransition\(/,
    harmless: "React calls it for <ViewTransition> only, and goes on without",
  },
  { api: "requestIdleCallback", use: /[^.\w]requestIdleCallback\(/ },
  { api: "cookieStore", use: /\bcookieStore\./ },
  { api: "scheduler", use: /\bscheduler\.(?:yield|postTask)\(/ },
  { api: "CloseWatcher", use: /\bnew CloseWatcher\b/ },
]

/** Syntax that stops a whole file: a regular expression with the flag `v`, and `using`. */
export const newerSyntax = [
  /\/[dgimsy]*v[dgimsy]*\.(?:test|exec)\(/,
  /RegExp\([^()]*,\s*"[dgimsy]*v[dgimsy]*"\)/,
  /[;{}]\s*(?:await )?using \w+\s*=/,
]

/** Styles newer than what Tailwind asks for: Chrome 111, Safari 16.4, Firefox 128. */
export const newerStyles = [
  /light-dark\(/,
  /@starting-style/,
  /field-sizing:/,
  /anchor-name:|position-anchor:/,
  /interpolate-size:/,
  /@scope\b/,
  /:user-(?:in)?valid/,
  /(?:rgb|hsl|oklch|oklab|color)\(from /,
  /:state\(/,
  /[:\s(](?:round|mod|rem)\(/,
  /\blinear\(/,
]

/** For `addInitScript`: takes all of it away from a page, before any script of its own. */
export function takeAway(names: string[]): void {
  for (const name of names) {
    const path = name.split(".")
    const last = path.pop() ?? ""
    let owner: unknown = globalThis
    for (const part of path) owner = (owner as Record<string, unknown> | undefined)?.[part]
    if (owner) delete (owner as Record<string, unknown>)[last]
  }
  // The attribute itself cannot be taken away: without its press, and shown by the stand-in only.
  addEventListener(
    "click",
    (event) => {
      const { target } = event
      if (target instanceof Element && target.closest("[popovertarget]")) event.preventDefault()
    },
    true,
  )
  addEventListener("DOMContentLoaded", () => {
    const style = document.createElement("style")
    style.textContent = "[popover][data-shown] { display: block; z-index: 50 }"
    document.head.append(style)
  })
}
