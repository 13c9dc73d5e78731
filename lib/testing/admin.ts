/** Administrators for tests, made as `npm run admin` makes them. */

import { eq } from "drizzle-orm"
import { changeRole } from "@/lib/admin/acts"
import type { Role } from "@/lib/admin/view"
import { user } from "@/lib/db/schema"
import { newBrowser, signedUp } from "./browser"

/** Gives `userId` a role, as the `admin` script would. */
export const giveRole = (userId: string, role: Role) =>
  changeRole({ actor: "system" }, eq(user.id, userId), role)

/** A new administrator, signed in, whose cookies say so. */
export async function signedUpAdmin() {
  const admin = await signedUp()
  await giveRole(admin.userId, "admin")
  const browser = newBrowser()
  await browser.signIn(admin.email)
  const { session } = await browser.session()
  return { ...admin, browser, sessionId: session.id as string }
}
