/** Pages for developers hold live links and the inside of sessions, so production shows them to nobody. */
import { expect, test } from "./fixtures"
import { signIn } from "./support/account"
import { post } from "./support/http"
import { linkInMail } from "./support/inbox"

test("the outbox does not exist in production, for visitors and for users", async ({
  request,
  newClient,
  user,
}) => {
  const body = { email: user.email, redirectTo: "/reset-password" }
  await post(request, "/request-password-reset", body)
  const link = new URL(await linkInMail(user.email, "Reset your password"))
  await signIn(request, user)
  for (const client of [request, await newClient()]) {
    const response = await client.get("/dev/outbox")
    expect(response.status()).toBe(404)
    const html = await response.text()
    expect(html).not.toContain(user.email)
    expect(html).not.toContain(link.pathname)
  }
})

test("the inside of a session is shown to nobody in production", async ({
  signedIn,
  newClient,
}) => {
  for (const client of [signedIn.request, await newClient()]) {
    const response = await client.get("/dev/session")
    expect(response.status()).toBe(404)
    expect(await response.text()).not.toContain("session_data")
  }
})
