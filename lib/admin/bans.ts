/**
 * Who is banned cannot sign in: looked up before a session begins, and once more by the database while it
 * does (`admit_session` in `drizzle/`), which also lifts a ban that has run out.
 */
import type { GenericEndpointContext } from "better-auth"
import { APIError } from "better-auth/api"
import { exactTime } from "@/lib/time"

/** What someone who is banned reads when they sign in, with the right password. */
export function bannedError(until: Date | null): APIError {
  const end = until ? ` until ${exactTime(until)}` : ""
  return new APIError("FORBIDDEN", {
    code: "BANNED_USER",
    message: `This account is banned${end}. Write to those who run this app if you think that is a mistake.`,
  })
}

type Banned = { banned?: boolean | null; banExpires?: Date | null }

async function refuseBanned(
  { userId }: { userId: string },
  ctx: GenericEndpointContext | null,
): Promise<void> {
  // Through the library, which asks within the transaction that is under way.
  const holder = await ctx?.context.internalAdapter.findUserById(userId)
  const { banned, banExpires = null } = (holder ?? {}) as Banned
  if (banned && !(banExpires && banExpires.getTime() < Date.now())) throw bannedError(banExpires)
}

/** For the plugin's `init`. */
export const watchBans = () => ({
  options: { databaseHooks: { session: { create: { before: refuseBanned } } } },
})
