/** Caught mail holds live links, so production shows it to nobody. */
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
