"use client"
/**
 * A user's picture at a fixed size, or their initials when there is none or it cannot be shown.
 * Decoration: the name is said beside it or by the control around it, never by the picture.
 */
import { clsx } from "clsx"
import { useState } from "react"

export type AvatarProps = {
  name: string
  image?: string | null
  /** 24, 32 (default) or 64 px. */
  size?: "sm" | "md" | "lg"
  className?: string
}

const sizes = { sm: "size-6 text-[10px]", md: "size-8 text-xs", lg: "size-16 text-xl" }

/** "Ana Maria Silva" -> "AS". By code point, so that no letter is cut in half. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = words[0] ?? ""
  const last = words.length > 1 ? (words.at(-1) ?? "") : ""
  return ([...first].slice(0, 1).join("") + [...last].slice(0, 1).join("")).toUpperCase() || "?"
}

export function Avatar({ name, image, size = "md", className }: AvatarProps) {
  const [failed, setFailed] = useState<string | null>(null)
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
      {image && failed !== image && (
        // Not next/image: the picture lives on a host of the user's choosing.
        <img
          src={image}
          alt=""
          referrerPolicy="no-referrer"
          // The error may have come before React listened.
          ref={(element) => {
            if (element?.complete && element.naturalWidth === 0) setFailed(image)
          }}
          onError={() => setFailed(image)}
          className="absolute inset-0 size-full bg-secondary object-cover"
        />
      )}
    </span>
  )
}
