/**
 * Any address that is no page. Made per request, so that its scripts carry the request's nonce:
 * Next's own 404 is static and would have all of them refused.
 */
import type { Metadata } from "next"
import { notFound } from "next/navigation"

export const metadata: Metadata = { title: "Page not found" }

export default function MissingAddressPage() {
  notFound()
}
