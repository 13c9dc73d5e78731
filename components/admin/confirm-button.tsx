"use client"
/** A button that asks first, in a dialog that says what will happen. */
import { type ReactNode, useState } from "react"
import { Button, type ButtonProps } from "@/components/ui/button"
import { Dialog, DialogFooter } from "@/components/ui/dialog"
import { SubmitButton } from "@/components/ui/submit-button"

export type ConfirmButtonProps = Pick<ButtonProps, "variant" | "disabled" | "className"> & {
  /** What the button says. */
  children: ReactNode
  pending?: boolean
  title: ReactNode
  description: ReactNode
  /** What the answer says that goes on with it. */
  answer: string
  isHarmful?: boolean
  onConfirm: () => void
}

export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, pending = false, title, description, answer, isHarmful, onConfirm } = props
  const { variant = "outline", disabled = false, className } = props
  const [open, setOpen] = useState(false)
  return (
    <>
      <SubmitButton
        type="button"
        variant={variant}
        pending={pending}
        disabled={disabled}
        onClick={() => setOpen(true)}
        className={className}
      >
        {children}
      </SubmitButton>
      <Dialog open={open} onOpenChange={setOpen} title={title} description={description}>
        <DialogFooter>
          <Button variant="outline" data-autofocus onClick={() => setOpen(false)}>
            Cancel
          </Button>
          <Button
            variant={isHarmful ? "destructive" : "default"}
            onClick={() => {
              setOpen(false)
              onConfirm()
            }}
          >
            {answer}
          </Button>
        </DialogFooter>
      </Dialog>
    </>
  )
}
