/** The two places a new user has something to do in. */
import { ChevronRight, ShieldCheck, UserRound } from "lucide-react"
import Link from "next/link"
import { Card, CardHeader, CardTitle } from "@/components/ui/card"

const steps = [
  {
    href: "/settings/profile",
    icon: UserRound,
    title: "Profile",
    text: "Set your name and picture.",
  },
  {
    href: "/settings/security",
    icon: ShieldCheck,
    title: "Security",
    text: "See your devices, sign one out.",
  },
]

export function NextStepsCard() {
  return (
    <Card aria-labelledby="next-steps">
      <CardHeader>
        <CardTitle id="next-steps">Where to go next</CardTitle>
      </CardHeader>
      <ul className="divide-y border-t">
        {steps.map(({ href, icon: Icon, title, text }) => (
          <li key={href}>
            <Link
              href={href}
              className="flex items-center gap-3 px-4 py-3 transition-colors hover:bg-accent focus-visible:-outline-offset-2 sm:px-6 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground"
            >
              <Icon aria-hidden="true" />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{title}</span>
                <span className="block text-muted-foreground">{text}</span>
              </span>
              <ChevronRight aria-hidden="true" />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
