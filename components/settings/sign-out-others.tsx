"use client"
/** Signs out everything but this device, after a question that names what that is. */
import { type FormEvent, useState } from "react"
import { Button } from "@/components/ui/button"
import { Dialog, DialogFooter } from "@/components/ui/dialog"
import type { SessionListItem } from "@/lib/sessions/view"
import { SessionNames } from "./session-names"
import { deviceCount } from "./session-words"

export type SignOutOthersProps = { others: SessionListItem[]; onConfirm: () => void }

export function SignOutOthers({ others, onConfirm }: SignOutOthersProps) {
  const [open, setOpen] = useState(false)

  function ask(event: FormEvent) {
    event.preventDefault()
    setOpen(true)
  }

  return (
    <>
      {/* Without a script the page comes back with the question on it. */}
      <form method="get" onSubmit={ask} className="ml-auto max-sm:w-full">
        <Button
          type="submit"
          name="confirm"
          value="others"
          variant="danger"
          disabled={others.length === 0}
          className="w-full"
        >
          Sign out of all other devices
        </Button>
      </form>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Sign out of ${deviceCount(others.length, "other device")}?`}
        description="They have to sign in again. This device stays signed in."
      >
        <SessionNames sessions={others} />
        <DialogFooter>
          <Button variant="outline" data-autofocus onClick={() => setOpen(false)}>
            Cancel
          </Button>
          <Button
            variant="destructive"
            onClick={() => {
              setOpen(false)
              onConfirm()
            }}
          >
            Sign out
          </Button>
        </DialogFooter>
      </Dialog>
    </>
  )
}
