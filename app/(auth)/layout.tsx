/** The narrow column of every form around signing in. No guard here: each page has its own. */
import type { ReactNode } from "react"
import { PageShell } from "@/components/layout/page-shell"

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <PageShell>
      <div className="mx-auto w-full max-w-sm pt-10 pb-16 sm:pt-[12vh]">{children}</div>
    </PageShell>
  )
}
