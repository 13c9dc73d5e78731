/** The users of one page: a table, and on phones a card for each, from the same rows. */
import Link from "next/link"
import type { ComponentProps } from "react"
import { TimeAgo } from "@/components/time-ago"
import { Avatar } from "@/components/ui/avatar"
import { buttonVariants } from "@/components/ui/button"
import {
  type UserList,
  type UserListItem,
  type UserQuery,
  userPath,
  usersHref,
} from "@/lib/admin/view"
import { cn } from "@/lib/utils"
import { BanBadge, RoleBadge } from "./user-badges"

export type UsersTableProps = { query: UserQuery; list: UserList; serverNow: number }

export function UsersTable({ query, list, serverNow }: UsersTableProps) {
  if (list.users.length === 0) return <NobodyFound query={query} />
  return (
    <div className="overflow-clip rounded-lg border bg-card">
      <table className="w-full max-md:block">
        <caption className="sr-only">{usersCount(query, list)}</caption>
        <thead className="border-b bg-muted text-left text-muted-foreground max-md:sr-only">
          <tr>
            <HeadCell className="pl-6">Name</HeadCell>
            <HeadCell>Email</HeadCell>
            <HeadCell>Role</HeadCell>
            <HeadCell>Status</HeadCell>
            <HeadCell className="text-right md:max-lg:pr-6">Sessions</HeadCell>
            <HeadCell className="pr-6 text-right md:max-lg:hidden">Created</HeadCell>
          </tr>
        </thead>
        <tbody className="divide-y max-md:block">
          {list.users.map((user) => (
            <UserRow key={user.id} user={user} serverNow={serverNow} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function UserRow({ user, serverNow }: { user: UserListItem; serverNow: number }) {
  return (
    <tr className="relative transition-colors hover:bg-muted max-md:block max-md:min-h-14 max-md:py-3 max-md:pr-4 max-md:pl-15">
      <th
        scope="row"
        className="max-w-56 py-2.5 pl-6 text-left font-medium max-md:block max-md:max-w-none max-md:p-0 lg:max-w-64"
      >
        <span className="flex items-center gap-3">
          <Avatar name={user.name} className="max-md:absolute max-md:top-3 max-md:left-4" />
          {/* The whole row leads there, by one link. */}
          <Link
            href={userPath(user.id)}
            prefetch={false}
            className="truncate after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:outline-ring focus-visible:after:-outline-offset-2"
          >
            {user.name}
          </Link>
        </span>
      </th>
      <Cell className="max-w-64 truncate text-muted-foreground max-md:block max-md:max-w-none">
        {user.email}
      </Cell>
      <Cell
        className={user.role === "admin" ? "max-md:pr-2" : "text-muted-foreground max-md:hidden"}
      >
        {user.role === "admin" ? <RoleBadge user={user} /> : "User"}
      </Cell>
      <Cell className={user.ban ? "max-md:pr-2" : "text-muted-foreground max-md:hidden"}>
        {user.ban ? <BanBadge user={user} /> : "Active"}
      </Cell>
      <Cell className="text-right max-md:text-muted-foreground md:max-lg:pr-6">
        {user.sessions}
        <span className="md:hidden">{user.sessions === 1 ? " session" : " sessions"} ·&nbsp;</span>
      </Cell>
      <Cell className="pr-6 text-right text-muted-foreground md:max-lg:hidden">
        <span className="md:hidden">created </span>
        <TimeAgo date={user.createdAt} serverNow={serverNow} />
      </Cell>
    </tr>
  )
}

function HeadCell({ className, ...props }: ComponentProps<"th">) {
  return <th scope="col" className={cn("h-9 px-3 font-medium", className)} {...props} />
}

function Cell({ className, ...props }: ComponentProps<"td">) {
  return <td className={cn("px-3 py-2.5 max-md:inline-block max-md:p-0", className)} {...props} />
}

function NobodyFound({ query }: { query: UserQuery }) {
  return (
    <div className="flex flex-col items-center gap-1 rounded-lg border bg-card px-4 py-12 text-center">
      <p className="font-medium">Nobody found</p>
      <p className="wrap-anywhere text-muted-foreground">
        No name or email address begins with “{query.search}”, and it is no user’s ID.
      </p>
      <Link
        href={usersHref({ ...query, search: "", page: "first" })}
        className={cn(buttonVariants({ variant: "outline" }), "mt-4")}
      >
        Show all users
      </Link>
    </div>
  )
}

/** "1 user", "More than 1,000 users found for “ana”". */
export function usersCount({ search }: UserQuery, { total, isMore }: UserList): string {
  const count = `${isMore ? "More than " : ""}${total.toLocaleString("en")}`
  const users = total === 1 && !isMore ? "user" : "users"
  return `${count} ${users}${search ? ` found for “${search}”` : ""}`
}
