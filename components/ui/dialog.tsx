"use client"
/**
 * A question that has to be answered first, on the platform's own modal <dialog>: it keeps focus
 * inside, makes the page behind inert and gives focus back. Esc, the backdrop and "Cancel" all
 * mean no. Mark the control to start on with `data-autofocus`.
 */
import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from "react"
import { cn } from "@/lib/utils"

export type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  className?: string
  children?: ReactNode
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  className,
  children,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const pressedBackdrop = useRef(false)
  const id = useId()

  useEffect(() => {
    const dialog = ref.current
    if (!dialog || !open) return
    dialog.showModal()
    dialog.querySelector<HTMLElement>("[data-autofocus]")?.focus()
    return () => dialog.close()
  }, [open])

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the keyboard's way out, by the platform
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      onClose={() => onOpenChange(false)}
      // Both ends of the press must be on the backdrop: selecting text may end there by accident.
      onPointerDown={(event) => {
        pressedBackdrop.current = event.target === ref.current
      }}
      onClick={(event) => {
        if (pressedBackdrop.current && event.target === ref.current) onOpenChange(false)
      }}
      className={cn(
        "m-auto w-[calc(100%-2rem)] max-w-md rounded-xl border bg-popover p-0 text-popover-foreground backdrop:bg-black/50",
        className,
      )}
    >
      {open && (
        <div className="flex flex-col gap-4 p-5 sm:p-6">
          <div className="flex flex-col gap-1.5">
            <h2 id={`${id}-title`} className="font-semibold text-base leading-6">
              {title}
            </h2>
            {description && (
              <p id={`${id}-description`} className="text-muted-foreground text-sm">
                {description}
              </p>
            )}
          </div>
          {children}
        </div>
      )}
    </dialog>
  )
}

/** The answers: side by side, the one that acts last; stacked with it on top on phones. */
export function DialogFooter({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={cn("flex flex-col-reverse gap-2 sm:flex-row sm:justify-end", className)}
      {...props}
    />
  )
}
