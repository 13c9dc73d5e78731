/**
 * A user's initials at a fixed size. Decoration: the name is said beside it or by the control around
 * it. Must never load a picture: whoever set its address would learn who looks at it, and when.
 */
import { clsx } from "clsx"
import type { ReactNode } from "react"

export type AvatarProps = {
  name: string
  /** 24, 32 (default) or 64 px. */
  size?: "sm" | "md" | "lg"
  className?: string
  /** Laid over the initials; for the reader's own picture only (`components/own-avatar.tsx`). */
  children?: ReactNode
}

const sizes = { sm: "size-6 text-[10px]", md: "size-8 text-xs", lg: "size-16 text-xl" }

/** "Ana Maria Silva" -> "AS". By code point, so that no letter is cut in half. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = words[0] ?? ""
  const last = words.length > 1 ? (words.at(-1) ?? "") : ""
  return ([...first].slice(0, 1).join("") + [...last].slice(0, 1).join("")).toUpperCase() || "?"
}

export function Avatar({ name, size = "md", className, children }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      className={clsx(
        "relative inline-grid shrink-0 select-none place-items-center overflow-clip rounded-full bg-secondary font-medium text-secondary-foreground",
        sizes[size],
        className,
      )}
    >
      {initials(name)}
      {children}
    </span>
  )
}
