/** Checks passwords as Better Auth does, and notes which stored one a request has proved to know. */
import { verifyPassword as verify } from "better-auth/crypto"
import { notePassword } from "@/lib/activity/request-act"

/** For `emailAndPassword.password.verify`. @returns whether `password` is the one of the stored `hash` */
export async function verifyPassword(call: { hash: string; password: string }): Promise<boolean> {
  const isRight = await verify(call)
  if (isRight) notePassword(call.hash)
  return isRight
}
