/** For pages behind sign-in that have nothing to show to this reader: the header stays. */
import type { Metadata } from "next"
import { MissingPage } from "@/components/layout/missing-page"

export const metadata: Metadata = { title: "Page not found" }

export default function AppNotFound() {
  return <MissingPage />
}
