/**
 * Who is banned cannot sign in: Better Auth's admin plugin looks before a session begins, and this looks
 * once more after it, because a ban may come in between and find no session to end yet.
 */
import { APIError } from "better-auth/api"
import { admin } from "better-auth/plugins/admin"
import { exactTime } from "@/lib/time"
import { endSession } from "./acts"
import { findUser } from "./reads"

/** What someone who is banned reads when they sign in, with the right password. */
function message(until: Date | null | undefined): string {
  const end = until ? ` until ${exactTime(new Date(until))}` : ""
  return `This account is banned${end}. Write to those who run this app if you think that is a mistake.`
}

type NewSession = { id: string; userId: string }

async function refuseBanned({ id, userId }: NewSession): Promise<void> {
  const holder = await findUser(userId)
  if (!holder?.ban) return
  await endSession({ kind: "session-revoked", actor: "system", reason: "banned" }, userId, id)
  throw new APIError("FORBIDDEN", {
    code: "BANNED_USER",
    message: message(holder.ban.expiresAt),
  })
}

const { init } = admin({
  bannedUserMessage: ({ banExpires }: { banExpires?: Date | null }) => message(banExpires),
})

/** For the plugin's `init`: the library's hooks, and the one after them. */
export function watchBans(context: Parameters<typeof init>[0]) {
  const { databaseHooks } = init(context).options
  const session = { create: { ...databaseHooks.session.create, after: refuseBanned } }
  return { options: { databaseHooks: { ...databaseHooks, session } } }
}
