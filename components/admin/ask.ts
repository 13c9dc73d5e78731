/**
 * One way to ask the server as an administrator. The banner on every page imports it: it stays light, and
 * the client is loaded by the first call.
 */
import type { RequestError } from "@/lib/errors"

type Client = typeof import("@/lib/admin/client")["adminClient"]
type Answer<Data> = { data: Data | null; error: RequestError | null }
export type AdminRequest<Data = unknown> = (client: Client) => Promise<Answer<Data>>

/** The answer of a call, also when the network fails. */
export async function askAdmin<Data>(request: AdminRequest<Data>): Promise<Answer<Data>> {
  try {
    const { adminClient } = await import("@/lib/admin/client")
    return await request(adminClient)
  } catch {
    return { data: null, error: {} }
  }
}
