/** The answer to an unknown address, with the header and the reader's theme. */
import { MissingPage } from "@/components/layout/missing-page"
import { PageShell } from "@/components/layout/page-shell"

export default function AddressNotFound() {
  return (
    <PageShell>
      <MissingPage />
    </PageShell>
  )
}
