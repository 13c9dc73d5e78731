"use client"
/** A button that asks first, in a dialog that says what will happen. */
import { type ReactNode, useState } from "react"
import { Button, type ButtonProps } from "@/components/ui/button"
import { Dialog, DialogFooter } from "@/components/ui/dialog"
import { SubmitButton } from "@/components/ui/submit-button"

type Look = "variant" | "size" | "disabled" | "className" | "aria-label" | "aria-describedby"

export type ConfirmButtonProps = Pick<ButtonProps, Look> & {
  /** What the button says. */
  children: ReactNode
  pending?: boolean
  title: ReactNode
  description: ReactNode
  /** What the question is about, between it and the answers. */
  subject?: ReactNode
  /** What the answer says that goes on with it. */
  answer: string
  isHarmful?: boolean
  onConfirm: () => void
}

export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, title, description, subject, answer, isHarmful, onConfirm, ...button } = props
  const [open, setOpen] = useState(false)
  return (
    <>
      <SubmitButton type="button" variant="outline" {...button} onClick={() => setOpen(true)}>
        {children}
      </SubmitButton>
      <Dialog open={open} onOpenChange={setOpen} title={title} description={description}>
        {subject}
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
