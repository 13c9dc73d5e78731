/** What the administrators' pages read. Each asks first whether the reader is one, by the database. */
import "server-only"
import type { ActivityQuery } from "@/lib/activity/filters"
import { requireAdmin } from "@/lib/session"
import { readUsers } from "./list-users"
import { findUser, listActivity, listSessions } from "./reads"
import type { UserDetails, UserList, UserQuery } from "./view"

/** One page of the users whose name or address begins with the search, or whose id it is. */
export async function listUsers(query: UserQuery): Promise<UserList> {
  await requireAdmin()
  return readUsers(query)
}

/** One user with their sessions and a page of what happened to the account; null when there is none. */
export async function getUser(
  id: string,
  activityQuery: ActivityQuery = { filter: "all" },
): Promise<UserDetails | null> {
  const { session } = await requireAdmin()
  // An address can hold anything, and the database no NUL.
  const user = /^[\w-]{1,64}$/.test(id) ? await findUser(id) : null
  if (!user) return null
  const [sessions, activity] = await Promise.all([
    listSessions(user.id, session.id),
    listActivity(user.id, session.id, activityQuery),
  ])
  return { user, sessions, activity }
}
