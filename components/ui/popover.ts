/**
 * Stands in for the platform's popover in browsers that Next supports and that have none: Chrome
 * before 114, Safari before 17, Firefox before 125. Must do nothing where there is one.
 */

type State = "open" | "closed"

let shown: HTMLElement | null = null
/** What had the focus before. */
let origin: Element | null = null

function say(panel: HTMLElement, type: "beforetoggle" | "toggle", newState: State): void {
  const oldState: State = newState === "open" ? "closed" : "open"
  panel.dispatchEvent(Object.assign(new Event(type), { newState, oldState }))
}

function hide(panel: HTMLElement | null): void {
  if (panel === null || panel !== shown) return
  say(panel, "beforetoggle", "closed")
  const hadFocus = panel.contains(document.activeElement)
  shown = null
  panel.removeAttribute("data-shown")
  if (hadFocus && origin instanceof HTMLElement) origin.focus()
  say(panel, "toggle", "closed")
}

function show(panel: HTMLElement, button = document.activeElement): void {
  if (panel === shown) return
  hide(shown)
  origin = button
  say(panel, "beforetoggle", "open")
  shown = panel
  panel.setAttribute("data-shown", "")
  say(panel, "toggle", "open")
}

/** The button that `target` is part of, and the panel that a press on it opens and closes. */
function pressed(target: EventTarget | null): { button: Element; panel: HTMLElement } | null {
  const button = target instanceof Element ? target.closest("[popovertarget]") : null
  const panel = document.getElementById(button?.getAttribute("popovertarget") ?? "")
  return button && panel && { button, panel }
}

/** Gives panels `showPopover` and `hidePopover`, and buttons their `popovertarget`; once. */
export function standInForPopover(): void {
  const { prototype } = HTMLElement
  if ("showPopover" in prototype) return
  Object.assign(prototype, {
    showPopover(this: HTMLElement) {
      show(this)
    },
    hidePopover(this: HTMLElement) {
      hide(this)
    },
  })
  document.addEventListener("click", ({ target }) => {
    const press = pressed(target)
    if (!press) return
    if (press.panel === shown) hide(press.panel)
    else show(press.panel, press.button)
  })
  document.addEventListener("pointerdown", ({ target }) => {
    const isInside = target instanceof Node && shown?.contains(target)
    // The button's own press comes as a click, and closes it there.
    if (!isInside && pressed(target)?.panel !== shown) hide(shown)
  })
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide(shown))
}
