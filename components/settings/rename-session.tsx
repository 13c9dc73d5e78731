"use client"
/** The place of a device's title while it is being named: Enter saves, Esc leaves it as it was. */
import { type FormEvent, useEffect, useRef } from "react"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"

export type RenameSessionProps = {
  label: string
  name: string | null
  onSave: (name: string | null) => void
  onClose: () => void
}

export function RenameSession({ label, name, onSave, onClose }: RenameSessionProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const typed = input.current?.value.trim() || null
    if (typed !== name) onSave(typed)
    onClose()
  }

  return (
    <form
      method="post"
      onSubmit={save}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      className="flex flex-wrap gap-2"
    >
      <Input
        ref={input}
        name="name"
        aria-label={`Name for ${label}`}
        placeholder="A name you will recognise"
        defaultValue={name ?? ""}
        maxLength={64}
        autoComplete="off"
        className="max-sm:basis-full sm:flex-1 md:h-8"
      />
      <Button type="submit" size="sm">
        Save
      </Button>
      <Button variant="ghost" size="sm" onClick={onClose}>
        Cancel
      </Button>
    </form>
  )
}
