/** Asks for another mail that confirms an address. Loaded when pressed, as it brings the client. */
import { authClient } from "@/lib/auth-client"
import type { RequestError } from "@/lib/errors"
import { verifiedUrl } from "./verified-url"

export async function sendVerificationLink(
  email: string,
  callbackUrl: string,
): Promise<RequestError | null> {
  const { error } = await authClient.sendVerificationEmail({
    email,
    callbackURL: verifiedUrl(callbackUrl),
  })
  return error
}
