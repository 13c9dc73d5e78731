/** The answer to an unknown address, with the header and the reader's theme. */
import type { Metadata } from "next"
import { MissingPage } from "@/components/layout/missing-page"
import { PageShell } from "@/components/layout/page-shell"

export const metadata: Metadata = { title: "Page not found" }

export default function AddressNotFound() {
  return (
    <PageShell>
      <MissingPage />
    </PageShell>
  )
}
