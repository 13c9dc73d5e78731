"use client"
/**
 * A password with a switch to read what was typed. The switch is named by its text, not by a label
 * attribute, so that only the input answers to the label "Password".
 */
import { Eye, EyeOff } from "lucide-react"
import { type ComponentProps, useState } from "react"
import { cn } from "@/lib/utils"
import { Input } from "./input"

export function PasswordInput({ className, ...props }: Omit<ComponentProps<"input">, "type">) {
  const [shown, setShown] = useState(false)
  return (
    <div className="relative">
      <Input
        type={shown ? "text" : "password"}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        className={cn("pr-11 md:pr-10", className)}
        {...props}
      />
      <button
        type="button"
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-r-md text-muted-foreground hover:text-foreground focus-visible:-outline-offset-2 md:w-9 [&_svg]:size-4"
      >
        {shown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
        <span className="sr-only">{shown ? "Hide" : "Show"} password</span>
      </button>
    </div>
  )
}
