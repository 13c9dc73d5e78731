/** Says, where mail is not set up, what that means here. Nothing to say once it is. */
import type { ReactNode } from "react"

export function MailNote({
  children,
  outbox,
}: {
  children: ReactNode
  /** Whether caught mail can be read at /dev/outbox: in development only. */
  outbox: boolean
}) {
  return (
    <p className="border-t pt-4 text-muted-foreground text-xs leading-4.5">
      {children}
      {outbox && (
        <>
          {" "}
          In development every mail lands in the{" "}
          <a href="/dev/outbox" className="rounded-sm text-foreground underline underline-offset-4">
            outbox
          </a>
          .
        </>
      )}
    </p>
  )
}
