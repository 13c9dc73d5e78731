/** The place of something still on its way: same size and shape, so that nothing moves. */
import { clsx } from "clsx"
import type { ComponentProps } from "react"

export function Skeleton({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      aria-hidden="true"
      className={clsx("animate-pulse bg-secondary [:where(&)]:rounded-md", className)}
      {...props}
    />
  )
}
