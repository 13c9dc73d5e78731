/** A line of text. 16 px on phones, because iOS zooms into anything smaller. */
import type { ComponentProps } from "react"
import { cn } from "@/lib/utils"

export function Input({ className, type = "text", ...props }: ComponentProps<"input">) {
  return (
    <input
      type={type}
      className={cn(
        "h-10 w-full min-w-0 rounded-md border border-input bg-background px-3 text-base text-foreground transition-colors placeholder:text-muted-foreground md:h-9 md:text-sm",
        "disabled:cursor-not-allowed disabled:opacity-60 read-only:bg-muted",
        "aria-invalid:border-destructive aria-invalid:outline-destructive",
        className,
      )}
      {...props}
    />
  )
}
