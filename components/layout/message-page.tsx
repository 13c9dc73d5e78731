/** A page that has one thing to say and one way on. Part of every page's script: keep it tiny. */
import type { ReactNode } from "react"

export function MessagePage({
  title,
  text,
  action,
}: {
  title: string
  text: string
  action: ReactNode
}) {
  return (
    <div className="m-auto flex max-w-sm flex-col items-center gap-2 py-16 text-center">
      <h1 className="font-semibold text-xl leading-7">{title}</h1>
      <p className="text-muted-foreground">{text}</p>
      <div className="mt-4">{action}</div>
    </div>
  )
}

/** Plain classes, because the button's own variants would weigh on every page. */
export const messageActionClass =
  "inline-flex h-10 items-center rounded-md bg-primary px-4 font-medium text-primary-foreground transition-colors hover:bg-primary/88 md:h-9"
