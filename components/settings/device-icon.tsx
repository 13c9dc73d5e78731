/** A device by its shape. Decoration: the label beside it says what it is. */
import { Bot, CircleQuestionMark, Monitor, Smartphone, Tablet } from "lucide-react"
import type { DeviceType } from "@/lib/sessions/view"

const icons = {
  desktop: Monitor,
  mobile: Smartphone,
  tablet: Tablet,
  bot: Bot,
  unknown: CircleQuestionMark,
}

export function DeviceIcon({ type }: { type: DeviceType }) {
  const Icon = icons[type]
  return <Icon aria-hidden="true" strokeWidth={1.75} className="size-5" />
}
