/**
 * Better Auth's admin plugin with our endpoints and no others: what it has besides (creating users,
 * setting their passwords, lists with tokens in them) does not exist here. Its columns, and its rule that
 * who is banned cannot sign in, are kept.
 */
import type { BetterAuthPlugin } from "better-auth"
import { watchBans } from "./bans"
import {
  banUser,
  listUserSessions,
  revokeUserSession,
  revokeUserSessions,
  setRole,
  unbanUser,
} from "./endpoints"
import { adminErrors } from "./errors"
import {
  endKeptSession,
  impersonateUser,
  refuseImpersonators,
  stopImpersonating,
} from "./impersonation"

/** The administration, for the `plugins` of `lib/auth.ts`. */
export const administration = () =>
  ({
    id: "admin",
    $ERROR_CODES: adminErrors,
    init: watchBans,
    schema: {
      user: {
        fields: {
          // Said for new users too, or an answer to a sign-up would tell whether the address is known.
          role: { type: "string", required: false, input: false, defaultValue: "user" },
          banned: { type: "boolean", required: false, input: false, returned: false },
          banReason: { type: "string", required: false, input: false, returned: false },
          banExpires: { type: "date", required: false, input: false, returned: false },
        },
      },
      session: {
        fields: {
          impersonatedBy: { type: "string", required: false, input: false },
          openedBySessionId: { type: "string", required: false, input: false, returned: false },
        },
      },
    },
    endpoints: {
      setRole,
      banUser,
      unbanUser,
      impersonateUser,
      stopImpersonating,
      listUserSessions,
      revokeUserSession,
      revokeUserSessions,
    },
    hooks: {
      before: [{ matcher: () => true, handler: refuseImpersonators }],
      after: [{ matcher: () => true, handler: endKeptSession }],
    },
  }) satisfies BetterAuthPlugin
