/**
 * A sentence about what happened and what to do. `destructive` interrupts (role alert); the others
 * are said politely (role status). Render it when there is something to say, not before.
 */
import { cva, type VariantProps } from "class-variance-authority"
import { CircleAlert, CircleCheck, Info } from "lucide-react"
import type { ComponentProps } from "react"
import { cn } from "@/lib/utils"

const alertVariants = cva(
  "flex gap-2.5 rounded-md border px-3 py-2.5 text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0",
  {
    variants: {
      variant: {
        default: "bg-muted text-foreground [&>svg]:text-muted-foreground",
        success: "border-brand/30 bg-brand-subtle text-foreground [&>svg]:text-brand",
        destructive: "border-destructive/35 bg-destructive/6 text-destructive",
      },
    },
    defaultVariants: { variant: "default" },
  },
)

const icons = { default: Info, success: CircleCheck, destructive: CircleAlert }

export type AlertProps = ComponentProps<"div"> & VariantProps<typeof alertVariants>

export function Alert({ className, variant, children, ...props }: AlertProps) {
  const Icon = icons[variant ?? "default"]
  return (
    <div
      role={variant === "destructive" ? "alert" : "status"}
      className={cn(alertVariants({ variant }), className)}
      {...props}
    >
      <Icon aria-hidden="true" />
      <div className="flex min-w-0 flex-1 flex-col items-start gap-2">{children}</div>
    </div>
  )
}
