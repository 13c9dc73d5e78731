/**
 * The administrators' calls in the browser. A client of its own, loaded by their pages only: nobody
 * else pays for it. Types are the server's.
 */
import { type BetterAuthClientPlugin, createAuthClient } from "better-auth/client"
import { sessionFetchOptions } from "@/lib/session-fetch"
import type { administration } from "./plugin"

const administrationClient = () =>
  ({
    id: "admin",
    $InferServerPlugin: {} as ReturnType<typeof administration>,
    pathMethods: { "/admin/stop-impersonating": "POST" },
  }) satisfies BetterAuthClientPlugin

export const adminClient = createAuthClient({
  plugins: [administrationClient()],
  fetchOptions: sessionFetchOptions,
}).admin
