/** What is unusual about a user, in a word each. */
import { Badge } from "@/components/ui/badge"
import type { AdminUser } from "@/lib/admin/view"

export function RoleBadge({ user }: { user: Pick<AdminUser, "role"> }) {
  return user.role === "admin" ? <Badge variant="brand">Admin</Badge> : null
}

export function BanBadge({ user }: { user: Pick<AdminUser, "ban"> }) {
  return user.ban ? <Badge variant="destructive">Banned</Badge> : null
}
