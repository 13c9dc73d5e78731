/** What a page of the settings is about. */
import type { ReactNode } from "react"

export function SettingsHeading({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <h1 className="font-semibold text-xl leading-7">{title}</h1>
      <p className="text-muted-foreground">{children}</p>
    </div>
  )
}
