/** All users, for administrators: search, sort and pages by plain links, scripts or not. */
import type { Metadata } from "next"
import { UsersPaging } from "@/components/admin/users-paging"
import { UsersTable } from "@/components/admin/users-table"
import { UsersToolbar } from "@/components/admin/users-toolbar"
import { listUsers } from "@/lib/admin/queries"
import { readUserQuery } from "@/lib/admin/view"
import { requireAdmin } from "@/lib/session"

export const metadata: Metadata = { title: "Users" }

export default async function UsersPage({ searchParams }: PageProps<"/admin/users">) {
  await requireAdmin()
  const query = readUserQuery(await searchParams)
  const list = await listUsers(query)

  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col gap-1">
        <h1 className="font-semibold text-xl leading-7">Users</h1>
        <p className="text-muted-foreground">Everyone who has an account.</p>
      </div>
      <UsersToolbar query={query} />
      <UsersTable query={query} list={list} serverNow={Date.now()} />
      <UsersPaging query={query} list={list} />
    </div>
  )
}
