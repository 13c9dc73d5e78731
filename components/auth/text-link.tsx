/** A link inside a sentence or below a form, within the pages around signing in. */
import Link from "next/link"
import type { ComponentProps } from "react"

export function TextLink(props: ComponentProps<typeof Link>) {
  return (
    <Link
      className="rounded-sm font-medium text-brand underline-offset-4 hover:underline [p>&]:underline"
      {...props}
    />
  )
}
