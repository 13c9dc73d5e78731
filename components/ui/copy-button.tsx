"use client"
/** Puts a text on the clipboard and says so. Used by the static landing page, so it stays tiny. */
import { clsx } from "clsx"
import { Check, Copy } from "lucide-react"
import { useEffect, useState } from "react"

export type CopyButtonProps = { text: string; label?: string; className?: string }

export function CopyButton({ text, label = "Copy", className }: CopyButtonProps) {
  const [result, setResult] = useState<"copied" | "refused" | null>(null)

  useEffect(() => {
    if (!result) return
    const timer = setTimeout(() => setResult(null), 2000)
    return () => clearTimeout(timer)
  }, [result])

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setResult("copied")
    } catch {
      // No permission, or a page that is not served over https: the text can still be selected.
      setResult("refused")
    }
  }

  const Icon = result === "copied" ? Check : Copy
  return (
    <>
      <button
        type="button"
        aria-label={label}
        onClick={copy}
        className={clsx(
          "grid size-10 shrink-0 place-items-center rounded-md text-muted-foreground transition-colors hover:bg-accent hover:text-foreground md:size-8 [&_svg]:size-4",
          className,
        )}
      >
        <Icon aria-hidden="true" />
      </button>
      <span role="status" className="sr-only">
        {result === "copied" && "Copied"}
        {result === "refused" && "Copying is not allowed here. Select the text instead."}
      </span>
    </>
  )
}
