/**
 * The one button. For a link that looks like one, put `buttonVariants()` on an `<a>` or `Link`.
 * Destructive actions are `danger` (red text) until they are confirmed by `destructive`.
 */
import { cva, type VariantProps } from "class-variance-authority"
import type { ComponentProps } from "react"
import { cn } from "@/lib/utils"

export const buttonVariants = cva(
  "relative inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md border font-medium text-sm transition-colors disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        default: "border-transparent bg-primary text-primary-foreground hover:bg-primary/88",
        outline: "border-border bg-card text-foreground hover:bg-accent",
        secondary:
          "border-transparent bg-secondary text-secondary-foreground hover:bg-secondary/70",
        ghost: "border-transparent text-foreground hover:bg-accent",
        link: "h-auto! border-transparent px-0! text-brand underline-offset-4 hover:underline",
        danger: "border-border bg-card text-destructive hover:bg-destructive/8",
        destructive:
          "border-transparent bg-destructive text-destructive-foreground hover:bg-destructive/88",
      },
      // 40 px where fingers press, denser where a pointer does.
      size: {
        default: "h-10 px-4 md:h-9",
        sm: "h-10 px-3 md:h-8",
        lg: "h-11 px-5",
        icon: "size-10 md:size-9",
      },
    },
    defaultVariants: { variant: "default", size: "default" },
  },
)

export type ButtonProps = ComponentProps<"button"> & VariantProps<typeof buttonVariants>

export function Button({ className, variant, size, type = "button", ...props }: ButtonProps) {
  return (
    <button type={type} className={cn(buttonVariants({ variant, size }), className)} {...props} />
  )
}
