/** What a control is called. Always tied to it by `htmlFor`, or by being around it. */
import type { ComponentProps } from "react"
import { cn } from "@/lib/utils"

export function Label({ className, ...props }: ComponentProps<"label">) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the caller ties it to its control
    <label className={cn("font-medium text-foreground text-sm", className)} {...props} />
  )
}
