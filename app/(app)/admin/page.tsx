/** The administration begins with its users. */
import { redirect } from "next/navigation"
import { usersPath } from "@/lib/admin/view"
import { requireAdmin } from "@/lib/session"

export default async function AdminPage() {
  await requireAdmin()
  redirect(usersPath)
}
