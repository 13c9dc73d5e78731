/** What a new user sees first. Replace the cards with your product; keep the first line. */
import type { Metadata } from "next"
import { NextStepsCard } from "@/components/dashboard/next-steps-card"
import { SessionReadCard } from "@/components/dashboard/session-read-card"
import { requireSession } from "@/lib/session"
import { describeRead } from "@/lib/sessions/describe-read"

export const metadata: Metadata = { title: "Dashboard" }

export default async function DashboardPage() {
  const { user } = await requireSession()
  const read = await describeRead()

  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col gap-1">
        <h1 className="wrap-anywhere font-semibold text-xl leading-7">Hello, {user.name}</h1>
        <p className="text-muted-foreground">You are signed in, and this page knows it.</p>
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <SessionReadCard read={read} serverNow={Date.now()} />
        <NextStepsCard />
      </div>
    </div>
  )
}
