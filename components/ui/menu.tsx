"use client"
/**
 * A button that opens a menu, on the platform's `popover`: it lies above everything, closes on Esc
 * and on a press outside, and gives focus back. No library: the landing page pays for this file.
 */
import { clsx } from "clsx"
import {
  type ComponentProps,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from "react"
import { standInForPopover } from "./popover"

export type MenuProps = {
  /** The button's accessible name. */
  label: string
  /** What the button shows. */
  trigger: ReactNode
  triggerClassName?: string
  /** Shown above the items, outside the menu itself. */
  header?: ReactNode
  /** Shown below the items: the place for an error. */
  footer?: ReactNode
  /** Which edge of the button the menu lines up with. */
  align?: "start" | "end"
  className?: string
  children: ReactNode
}

const itemSelector = '[role^="menuitem"]:not(:disabled)'
const itemClass =
  "flex min-h-10 w-full select-none items-center gap-2.5 rounded-sm px-2 text-left text-sm hover:bg-accent focus-visible:bg-accent focus-visible:-outline-offset-2 disabled:opacity-50 md:min-h-8 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground"

export function Menu({
  label,
  trigger,
  triggerClassName,
  header,
  footer,
  align = "end",
  className,
  children,
}: MenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  useEffect(standInForPopover, [])

  const items = () => [...(panel.current?.querySelectorAll<HTMLElement>(itemSelector) ?? [])]

  // In page coordinates, so that it scrolls along with its button.
  function place() {
    const box = button.current?.getBoundingClientRect()
    if (!box || !panel.current) return
    const { style } = panel.current
    style.top = `${box.bottom + window.scrollY + 6}px`
    const isEnd = align === "end"
    style.right = isEnd ? `${document.documentElement.clientWidth - box.right}px` : "auto"
    style.left = isEnd ? "auto" : `${box.left + window.scrollX}px`
  }

  function onKeyDown(event: KeyboardEvent) {
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const last = all.length - 1
    const target = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key]
    if (target !== undefined) {
      event.preventDefault()
      all[target]?.focus()
    }
    if (event.key === "Tab") panel.current?.hidePopover()
  }

  // After the item's own handler, which runs first.
  function onClick(event: MouseEvent<HTMLElement>) {
    const item = (event.target as Element).closest<HTMLElement>(itemSelector)
    if (item && item.dataset.stay === undefined) panel.current?.hidePopover()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        popoverTarget={id}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return
          event.preventDefault()
          panel.current?.showPopover()
        }}
        className={triggerClassName}
      >
        {trigger}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        onBeforeToggle={(event) => event.newState === "open" && place()}
        onToggle={(event) => {
          const opened = event.newState === "open"
          setOpen(opened)
          if (opened) items()[0]?.focus()
        }}
        className={clsx(
          // Where it lies until a script has placed it: below the header.
          "absolute inset-auto top-15 right-4 m-0 w-56 rounded-lg border bg-popover p-1 text-popover-foreground shadow-black/5 shadow-lg",
          className,
        )}
      >
        {header}
        <div role="menu" aria-label={label} onKeyDown={onKeyDown} onClick={onClick}>
          {children}
        </div>
        {footer}
      </div>
    </>
  )
}

export type MenuItemProps = ComponentProps<"button"> & {
  /** Keeps the menu open, for an action that may fail and has to say so. */
  stay?: boolean
}

export function MenuItem({ stay, className, ...props }: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      data-stay={stay}
      className={clsx(itemClass, className)}
      {...props}
    />
  )
}

/** One choice among several, of which `checked` is the one taken. */
export function MenuRadioItem({
  checked,
  className,
  ...props
}: ComponentProps<"button"> & { checked: boolean }) {
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={checked}
      tabIndex={-1}
      className={clsx(itemClass, className)}
      {...props}
    />
  )
}

export function MenuLink({ className, children, ...props }: ComponentProps<"a">) {
  return (
    <a role="menuitem" tabIndex={-1} className={clsx(itemClass, className)} {...props}>
      {children}
    </a>
  )
}

export function MenuSeparator() {
  return <hr className="-mx-1 my-1" />
}
