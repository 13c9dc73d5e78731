/** The settings' parts beside the one that is open. No guard here: each page has its own. */
import type { ReactNode } from "react"
import { SettingsTabs } from "@/components/layout/settings-tabs"

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <div className="-mt-4 grid gap-6 md:mt-0 md:grid-cols-[10rem_minmax(0,45rem)] md:gap-10 lg:grid-cols-[12rem_minmax(0,45rem)] lg:gap-16">
      <SettingsTabs />
      <div className="flex min-w-0 flex-col gap-6">{children}</div>
    </div>
  )
}
