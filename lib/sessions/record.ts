/**
 * What is written down about a session when it begins: how and from where someone signed in. Kept
 * when Better Auth replaces the current session (a changed password gives it a new id and token).
 */
import type { GenericEndpointContext } from "better-auth"
import { originOf } from "@/lib/request-origin"
import { expiryOf } from "./policy"
import type { SessionRow } from "./view"

/** Paths of Better Auth's endpoints that begin a session, and what they prove. */
const methods: [path: RegExp, method: string][] = [
  [/^\/sign-(in|up)\/email$/, "password"],
  [/^\/passkey\/verify-authentication$/, "passkey"],
  [/^\/two-factor\/verify-/, "two-factor"],
]

function signInMethodOf(context: GenericEndpointContext): string | null {
  const path = context.path ?? ""
  const known = methods.find(([pattern]) => pattern.test(path))
  if (known) return known[1]
  // OAuth: the callback's path parameter, or the provider whose id token was posted.
  const { id, providerId } = (context.params ?? {}) as { id?: string; providerId?: string }
  if (/^\/(oauth2\/)?callback\//.test(path)) return providerId ?? id ?? null
  if (path !== "/sign-in/social") return null
  const { provider } = (context.body ?? {}) as { provider?: unknown }
  return typeof provider === "string" ? provider : null
}

/** The session that this request replaces by a new one for the same user, if it does. */
function replacedSession(context: GenericEndpointContext, userId: string): SessionRow | null {
  const current = context.context.session
  return current?.session.userId === userId ? (current.session as unknown as SessionRow) : null
}

type NewSession = { userId: string; createdAt: Date; expiresAt: Date }

/** When a new session began and ends; where it replaces another one, that one's sign-in counts. */
function lifeOf(
  session: NewSession,
  context: GenericEndpointContext | null,
  replaced: SessionRow | null,
) {
  const now = new Date()
  const createdAt = replaced?.createdAt ?? session.createdAt
  // Better Auth keeps it in a cookie only, which may be left out. The row knows.
  const remembered = replaced
    ? replaced.remembered !== false
    : (context?.body as { rememberMe?: unknown } | undefined)?.rememberMe !== false
  const expiresAt = expiryOf({ createdAt, now, isRemembered: remembered })
  return {
    createdAt,
    remembered,
    lastActiveAt: now,
    // What Better Auth gives to forgotten and impersonated sessions may be less.
    expiresAt: new Date(Math.min(expiresAt.getTime(), session.expiresAt.getTime())),
  }
}

/**
 * The columns of ours for a session about to be created; null parts are unknown.
 * @param context the request that creates it, null when code does
 */
export async function recordOf(context: GenericEndpointContext | null, session: NewSession) {
  const replaced = context && replacedSession(context, session.userId)
  const life = lifeOf(session, context, replaced)
  if (!context) return life
  const origin = originOf(context.headers ?? context.request?.headers)
  return {
    ...life,
    name: replaced?.name ?? null,
    signInMethod: replaced?.signInMethod ?? signInMethodOf(context),
    city: origin.city ?? replaced?.city ?? null,
    country: origin.country ?? replaced?.country ?? null,
    // As it reads best; Better Auth keeps only the network part of an IPv6 address.
    ...(origin.ipAddress ? { ipAddress: origin.ipAddress } : {}),
    // Bounded: it goes into a cookie, which browsers drop beyond 4 kB.
    userAgent: origin.userAgent ?? "",
  }
}
