/** The client half of the sessions plugin: types from the server's, and which calls are POSTs. */
import type { BetterAuthClientPlugin } from "better-auth/client"
import type { sessions } from "./plugin"

export const sessionsClient = () =>
  ({
    id: "sessions",
    $InferServerPlugin: {} as ReturnType<typeof sessions>,
    pathMethods: {
      "/list-sessions": "GET",
      "/revoke-session": "POST",
      "/revoke-other-sessions": "POST",
      "/revoke-sessions": "POST",
      "/rename-session": "POST",
    },
  }) satisfies BetterAuthClientPlugin
