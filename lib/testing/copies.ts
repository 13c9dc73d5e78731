/** Cached copies that no server has written, although some are signed as if one had. */
import { createHmac } from "node:crypto"
import { auth } from "@/lib/auth"

type Rows = {
  session: Record<string, unknown>
  user: Record<string, unknown>
  updatedAt: unknown
  version: unknown
}
export type Copy = { session: Rows; expiresAt: unknown }

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
const decode = (copy: string): Copy & { signature: string } =>
  JSON.parse(Buffer.from(copy, "base64url").toString())

/** A copy with something changed in it, signed as the server would. */
export function signedCopy(copy: string, change: (copy: Copy) => Copy): string {
  const { session, expiresAt } = change(decode(copy))
  const text = JSON.stringify({ ...session, expiresAt })
  const signature = createHmac("sha256", auth.options.secret).update(text).digest("base64url")
  return encode({ session, expiresAt, signature })
}

/** The same with the signature that it had. */
export function forgedCopy(copy: string, change: (copy: Copy) => Copy): string {
  const { signature, ...rest } = decode(copy)
  return encode({ ...change(rest), signature })
}
