"use client"
/**
 * A form's own button: it cannot be pressed before the page can answer, nor twice. The spinner lies
 * over the words, so that neither the button's name nor its width changes while it works.
 */
import { cn } from "@/lib/utils"
import { Button, type ButtonProps } from "./button"
import { Spinner } from "./spinner"
import { useHydrated } from "./use-hydrated"

export type SubmitButtonProps = ButtonProps & { pending?: boolean }

export function SubmitButton({
  pending = false,
  disabled = false,
  type = "submit",
  className,
  children,
  ...props
}: SubmitButtonProps) {
  const hydrated = useHydrated()
  return (
    <Button
      type={type}
      disabled={!hydrated || pending || disabled}
      aria-busy={pending || undefined}
      // Only what the caller disables looks it: a page that is waking up must not flicker.
      className={cn(!disabled && "disabled:opacity-100", className)}
      {...props}
    >
      <span className={cn("inline-flex items-center gap-2", pending && "opacity-0")}>
        {children}
      </span>
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </Button>
  )
}
