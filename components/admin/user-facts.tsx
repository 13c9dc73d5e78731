/** The account, fact by fact. */
import type { ReactNode } from "react"
import { TimeAgo } from "@/components/time-ago"
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card"
import type { AdminUser, Ban } from "@/lib/admin/view"
import { exactTime } from "@/lib/time"

export function UserFacts({ user, serverNow }: { user: AdminUser; serverNow: number }) {
  return (
    <Card aria-labelledby="account">
      <CardHeader>
        <CardTitle id="account">Account</CardTitle>
      </CardHeader>
      <CardContent>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
          <Fact name="Status">{user.ban ? <BanFact ban={user.ban} /> : "Active"}</Fact>
          <Fact name="Role">{user.role === "admin" ? "Administrator" : "User"}</Fact>
          <Fact name="Email">{user.emailVerified ? "Verified" : "Not verified"}</Fact>
          <Fact name="Created">
            <TimeAgo date={user.createdAt} serverNow={serverNow} />
          </Fact>
          <Fact name="ID">
            <code className="wrap-anywhere text-xs leading-5">{user.id}</code>
          </Fact>
        </dl>
      </CardContent>
    </Card>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="wrap-anywhere min-w-0">{children}</dd>
    </>
  )
}

function BanFact({ ban }: { ban: Ban }) {
  return (
    <>
      <p className="text-destructive">
        Banned {ban.expiresAt ? `until ${exactTime(new Date(ban.expiresAt))}` : "for good"}
      </p>
      {ban.reason && <p className="text-muted-foreground">{ban.reason}</p>}
    </>
  )
}
