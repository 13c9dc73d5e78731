"use client"
/**
 * A form that stays on its page: checks what was typed, sends it, puts each error at its field and
 * the focus on the first one. Inputs stay uncontrolled, so a refusal costs nobody their typing.
 */
import { type FormEvent, useEffect, useRef, useState } from "react"
import type { z } from "zod"
import { errorMessage } from "@/lib/errors"
import { type AuthRequest, ask, leaveWhenSignedOut } from "./request"

type Schemas = typeof import("@/lib/validation")

type Options<Schema extends z.ZodType> = {
  schema: (schemas: Schemas) => Schema
  send: (values: z.output<Schema>) => AuthRequest<unknown>
  onSaved: (values: z.output<Schema>) => void
  /** Which field an error code is about. An error of no field is said above them all. */
  fieldOf?: Readonly<Record<string, string>>
}

type Errors = Readonly<Record<string, string>>

export function useSettingsForm<Schema extends z.ZodType>(options: Options<Schema>) {
  const { schema, send, onSaved, fieldOf = {} } = options
  const form = useRef<HTMLFormElement>(null)
  const pressed = useRef<Element | null>(null)
  const [pending, setPending] = useState(false)
  const [errors, setErrors] = useState<Errors>({})

  // To the first field that is wrong; else back to where it was, which a disabled button drops.
  useEffect(() => {
    if (pending || !pressed.current) return
    const invalid = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    const target = invalid ?? (document.activeElement === document.body ? pressed.current : null)
    if (target instanceof HTMLElement) target.focus()
    pressed.current = null
  }, [pending])

  async function submit(element: HTMLFormElement): Promise<Errors> {
    const validation = await import("@/lib/validation")
    const checked = schema(validation).safeParse(readValues(element))
    if (!checked.success) return validation.fieldErrors(checked.error)
    const { error } = await ask(send(checked.data))
    if (error) {
      if (leaveWhenSignedOut(error)) return {}
      return { [fieldOf[error.code ?? ""] ?? "form"]: errorMessage(error) }
    }
    onSaved(checked.data)
    return {}
  }

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (pending) return
    pressed.current = document.activeElement
    setPending(true)
    // The checks are loaded when first needed, which takes a network too.
    setErrors(await submit(event.currentTarget).catch(() => ({ form: errorMessage({}) })))
    setPending(false)
  }

  return {
    /** Spread on the form. `method` keeps what was typed out of the URL should a script fail. */
    props: { ref: form, onSubmit, method: "post", noValidate: true } as const,
    pending,
    errors,
  }
}

function readValues(form: HTMLFormElement): Record<string, unknown> {
  const values: Record<string, unknown> = Object.fromEntries(new FormData(form))
  for (const box of form.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')) {
    values[box.name] = box.checked
  }
  return values
}
