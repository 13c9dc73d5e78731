/** A kind of event by its shape. Decoration: the sentence beside it says what happened. */
import {
  Ban,
  CircleCheck,
  Clock,
  Eye,
  EyeOff,
  KeyRound,
  Layers,
  LogIn,
  LogOut,
  type LucideIcon,
  MailCheck,
  MonitorX,
  TriangleAlert,
  UserCog,
  UserPlus,
} from "lucide-react"
import type { ActivityKind } from "@/lib/activity/view"
import { cn } from "@/lib/utils"

const icons: Record<ActivityKind, LucideIcon> = {
  "sign-up": UserPlus,
  "sign-in": LogIn,
  "sign-in-failed": TriangleAlert,
  "sign-out": LogOut,
  "session-revoked": MonitorX,
  "session-expired": Clock,
  "session-limit": Layers,
  "password-changed": KeyRound,
  "password-reset": KeyRound,
  "email-verified": MailCheck,
  "role-changed": UserCog,
  "user-banned": Ban,
  "user-unbanned": CircleCheck,
  "impersonation-started": Eye,
  "impersonation-ended": EyeOff,
}

export function ActivityIcon({ kind, alarming }: { kind: ActivityKind; alarming: boolean }) {
  const Icon = icons[kind]
  return (
    <span
      className={cn(
        "row-span-2 mt-0.5 grid size-9 place-items-center rounded-md bg-secondary text-muted-foreground sm:row-span-1",
        alarming && "bg-destructive/10 text-destructive",
      )}
    >
      <Icon aria-hidden="true" strokeWidth={1.75} className="size-5" />
    </span>
  )
}
