/**
 * What administrators get to see, and how their list is asked for, for both sides. No type in this
 * file has a token, and none may get one.
 */
import type { ActivityItem } from "@/lib/activity/view"
import type { SessionListItem } from "@/lib/sessions/view"

/** Who someone is to the app: an administrator, or a user like any other. */
export const roles = ["admin", "user"] as const
export type Role = (typeof roles)[number]

/** A ban as it stands; one that has expired is none. */
export type Ban = { reason: string | null; expiresAt: Date | null }

export type AdminUser = {
  id: string
  name: string
  email: string
  emailVerified: boolean
  role: Role
  ban: Ban | null
  createdAt: Date
}

/** One row of the list of users, with how many sessions are live. */
export type UserListItem = AdminUser & { sessions: number }

/** A session in an administrator's eyes; `impersonated` when another administrator opened it. */
export type AdminSession = SessionListItem & { impersonated: boolean }

/** An event with whose act it was, where somebody's is known; `name` is null once they are gone. */
export type AdminActivityItem = ActivityItem & { by: { id: string; name: string | null } | null }

/** One page of an account's activity; `newer` and `older` as in `lib/activity/filters.ts`. */
export type AdminActivity = {
  items: AdminActivityItem[]
  newer: number | null
  older: number | null
}

/** All there is on the page of one user. */
export type UserDetails = { user: AdminUser; sessions: AdminSession[]; activity: AdminActivity }

export const userSorts = ["newest", "oldest", "name", "email"] as const
export type UserSort = (typeof userSorts)[number]

/** Which page: the first, the one next to a row (named by its user's id), or the last. */
export type UserPage = { after: string } | { before: string } | "first" | "last"

export type UserQuery = { search: string; sort: UserSort; page: UserPage }

export type UserList = {
  users: UserListItem[]
  /** How many match; `isMore` when they were not counted to the end. */
  total: number
  isMore: boolean
  /** The pages beside this one, null where there is none. */
  previous: UserPage | null
  next: UserPage | null
}

const longestSearch = 100

type Parameters = Readonly<Record<string, string | string[] | undefined>>

/** An address's query as the list understands it; whatever it does not understand is left out. */
export function readUserQuery(parameters: Parameters): UserQuery {
  const text = (name: string) => {
    const value = parameters[name]
    return (typeof value === "string" ? value : "").replace(/\p{Cc}/gu, "").trim()
  }
  const { after, before, page } = {
    after: text("after"),
    before: text("before"),
    page: text("page"),
  }
  return {
    search: text("search").slice(0, longestSearch),
    sort: userSorts.find((sort) => sort === text("sort")) ?? "newest",
    page: after ? { after } : before ? { before } : page === "last" ? "last" : "first",
  }
}

export const usersPath = "/admin/users"

/** The address of one user's page. */
export const userPath = (id: string) => `${usersPath}/${encodeURIComponent(id)}`

/** The address of a list; what is as usual is not said. */
export function usersHref({ search, sort, page }: UserQuery): string {
  const query = new URLSearchParams({
    ...(search && { search }),
    ...(sort !== "newest" && { sort }),
    ...(page === "last" ? { page } : page === "first" ? {} : page),
  }).toString()
  return query ? `${usersPath}?${query}` : usersPath
}
