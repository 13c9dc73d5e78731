/** A native checkbox, drawn. Forms, keyboards and forced colours treat it as what it is. */
import { Check } from "lucide-react"
import type { ComponentProps } from "react"
import { cn } from "@/lib/utils"

export function Checkbox({ className, ...props }: Omit<ComponentProps<"input">, "type">) {
  return (
    <span className="relative inline-grid size-4 shrink-0 place-items-center">
      <input
        type="checkbox"
        className={cn(
          "peer size-4 appearance-none rounded-sm border border-input bg-background transition-colors checked:border-primary checked:bg-primary disabled:opacity-50 forced-colors:appearance-auto",
          className,
        )}
        {...props}
      />
      <Check
        aria-hidden="true"
        strokeWidth={3}
        className="pointer-events-none absolute size-3 text-primary-foreground opacity-0 peer-checked:opacity-100 forced-colors:hidden"
      />
    </span>
  )
}
