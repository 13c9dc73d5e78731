/**
 * What a request to Better Auth's endpoints says about the act it is: who, from where, and why it
 * ends sessions. Taken from the context of the endpoint that runs, however it was called.
 */
import { createHash } from "node:crypto"
import { tryGetCurrentAuthEndpointContext } from "@better-auth/core/context"
import { originOf } from "@/lib/request-origin"
import type { Act } from "./act"

type Context = NonNullable<ReturnType<typeof tryGetCurrentAuthEndpointContext>>

/** Endpoints that end sessions for another reason than that somebody wanted it. */
const causes = new Map<string, Act>([
  ["/sign-out", { kind: "sign-out" }],
  ["/reset-password", { kind: "password-reset", reason: "password-reset" }],
  ["/change-password", { reason: "password-changed" }],
  ["/admin/ban-user", { reason: "banned" }],
])

/** Endpoints that need no session, and may end one that is alive: replaced, or of someone just banned. */
const beginsSession = /^\/(sign-(in|up)|oauth2|callback|two-factor|passkey)\b/

const proofs = new WeakMap<object, string>()

/**
 * Notes that the running request has proved to know the password with this stored hash. What it then
 * begins or changes is refused by the database once that is no longer the account's password.
 */
export function notePassword(hash: string): void {
  const context = tryGetCurrentAuthEndpointContext()
  // The same as `password_fingerprint` in `drizzle/`.
  if (context) proofs.set(context, createHash("sha256").update(hash).digest("hex"))
}

/** The administrator behind a request: at an endpoint for them, or looking at the app as somebody else. */
function administratorOf({ path, context }: Context): string | null {
  const { session, user } = context.session ?? {}
  if (typeof session?.impersonatedBy === "string") return session.impersonatedBy
  return (path?.startsWith("/admin/") && user?.id) || null
}

function causeOf(context: Context): Act {
  const path = context.path ?? ""
  const cause = causes.get(path)
  const session = context.context.session?.session
  if (!session) {
    if (cause?.kind) return cause
    // Where nobody has shown a session, Better Auth deletes only what it has found expired.
    return beginsSession.test(path) ? {} : { kind: "session-expired" }
  }
  const administrator = administratorOf(context)
  return {
    ...(cause ?? { reason: administrator ? "admin" : "user" }),
    // All sessions go, and this one comes back under a new id.
    ...(path === "/change-password" ? { replaces: session.id } : {}),
    ...(administrator ? { actor: "admin", actorId: administrator } : { sessionId: session.id }),
  }
}

/** The act that the running endpoint is, or an empty one outside of any. */
export function requestAct(context = tryGetCurrentAuthEndpointContext()): Act {
  if (!context) return {}
  const origin = originOf(context.headers ? new Headers(context.headers) : context.request?.headers)
  const provedPassword = proofs.get(context)
  return {
    actor: "user",
    ...origin,
    ...causeOf(context),
    ...(provedPassword && { provedPassword }),
  }
}
