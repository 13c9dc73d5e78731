"use client"
/**
 * What the forms around signing in have in common: check what was typed, send it, and say what went
 * wrong. Inputs stay uncontrolled and are never reset, so a refusal costs nobody their typing.
 */
import { type FormEvent, useEffect, useRef, useState } from "react"
import type { z } from "zod"
import { errorMessage, type RequestError } from "@/lib/errors"

type Schemas = typeof import("@/lib/validation")

type Options<Schema extends z.ZodType> = {
  schema: (schemas: Schemas) => Schema
  /** Sends the checked values; what it answers is shown. After success the page is left or replaced. */
  send: (values: z.output<Schema>) => Promise<RequestError | null>
}

export function useForm<Schema extends z.ZodType>({ schema, send }: Options<Schema>) {
  const form = useRef<HTMLFormElement>(null)
  const [pending, setPending] = useState(false)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [failure, setFailure] = useState<RequestError | null>(null)
  const focusAfterFailure = useRef<Element | null>(null)

  useEffect(() => {
    if (Object.keys(errors).length === 0) return
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [errors])

  // A disabled button drops the focus; it belongs back where the person was.
  useEffect(() => {
    if (failure && focusAfterFailure.current instanceof HTMLElement)
      focusAfterFailure.current.focus()
  }, [failure])

  // "Back" may bring this page out of the browser's cache as it was left: still sending.
  useEffect(() => {
    const wake = (event: PageTransitionEvent) => event.persisted && setPending(false)
    window.addEventListener("pageshow", wake)
    return () => window.removeEventListener("pageshow", wake)
  }, [])

  async function submit() {
    if (!form.current) return
    const validation = await import("@/lib/validation")
    const checked = schema(validation).safeParse(readValues(form.current))
    if (!checked.success) {
      setErrors(validation.fieldErrors(checked.error))
      setPending(false)
      return
    }
    const refused = await send(checked.data)
    if (!refused) return
    setFailure(refused)
    setPending(false)
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault()
    if (pending) return
    focusAfterFailure.current = document.activeElement
    setPending(true)
    setErrors({})
    setFailure(null)
    submit().catch(() => {
      // The request, or the code for it, did not get through.
      setFailure({})
      setPending(false)
    })
  }

  return {
    /** Spread on the form. `method` keeps what was typed out of the URL should a script fail. */
    props: { ref: form, onSubmit, method: "post", noValidate: true } as const,
    pending,
    errors,
    failure,
    /** The sentence for `failure`, or null. */
    problem: failure && errorMessage(failure),
  }
}

function readValues(form: HTMLFormElement): Record<string, unknown> {
  const values: Record<string, unknown> = Object.fromEntries(new FormData(form))
  for (const box of form.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')) {
    values[box.name] = box.checked
  }
  return values
}
