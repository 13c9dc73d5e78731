/** A new user on a running app, over HTTP, as a browser would make one. */
import { randomUUID } from "node:crypto"

/** Signs up and answers the `Cookie` header of the new session. */
export async function signUp(origin: string): Promise<string> {
  const response = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({
      name: "Ana",
      email: `${randomUUID()}@example.com`,
      password: randomUUID(),
    }),
  })
  if (!response.ok) throw new Error(`Sign-up answered ${response.status}.`)
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")
}
