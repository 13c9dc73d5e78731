/** Whose page this is, and the way back to everybody's. */
import { ArrowLeft } from "lucide-react"
import Link from "next/link"
import { Avatar } from "@/components/ui/avatar"
import { type AdminUser, usersPath } from "@/lib/admin/view"
import { BanBadge, RoleBadge } from "./user-badges"

export function UserHeading({ user }: { user: AdminUser }) {
  return (
    <div className="flex flex-col gap-3">
      <Link
        href={usersPath}
        className="-ml-1 flex min-h-10 w-fit items-center gap-1.5 rounded-md px-1 text-muted-foreground transition-colors hover:text-foreground md:min-h-6"
      >
        <ArrowLeft aria-hidden="true" className="size-4" />
        All users
      </Link>
      <div className="flex items-center gap-4">
        <Avatar size="lg" name={user.name} />
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <h1 className="wrap-anywhere font-semibold text-xl leading-7">{user.name}</h1>
            <RoleBadge user={user} />
            <BanBadge user={user} />
          </div>
          <p className="wrap-anywhere text-muted-foreground">{user.email}</p>
        </div>
      </div>
    </div>
  )
}
