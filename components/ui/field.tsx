/**
 * A labelled control with its hint, or its error in the hint's place, wired so that all is read out.
 * The control is a function of the attributes it must carry: `{(control) => <Input {...control} />}`.
 */
import { type ReactNode, useId } from "react"
import { cn } from "@/lib/utils"
import { Label } from "./label"

export type FieldControl = {
  id: string
  name: string
  "aria-describedby": string | undefined
  "aria-invalid": true | undefined
}

export type FieldProps = {
  label: ReactNode
  name: string
  hint?: ReactNode
  error?: string | undefined
  /** A link beside the label, such as "Forgot password?". It comes after the control by keyboard. */
  action?: ReactNode
  className?: string
  children: (control: FieldControl) => ReactNode
}

export function Field({ label, name, hint, error, action, className, children }: FieldProps) {
  const id = useId()
  // The error says what the hint said, and more: both at once only make the form longer.
  const hintId = hint && !error ? `${id}-hint` : undefined
  const errorId = error ? `${id}-error` : undefined
  return (
    <div className={cn("grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5", className)}>
      <Label htmlFor={id} className="row-start-1">
        {label}
      </Label>
      <div className="col-span-2 row-start-2">
        {children({
          id,
          name,
          "aria-describedby": errorId ?? hintId,
          "aria-invalid": error ? true : undefined,
        })}
      </div>
      {action && <div className="col-start-2 row-start-1 text-right">{action}</div>}
      {error && (
        <p id={errorId} className="col-span-2 text-destructive text-sm">
          {error}
        </p>
      )}
      {hintId && (
        <p id={hintId} className="col-span-2 text-muted-foreground text-sm">
          {hint}
        </p>
      )}
    </div>
  )
}
