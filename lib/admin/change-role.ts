/** What `npm run admin` does: gives or takes the role of whoever has an address. */
import { eq, sql } from "drizzle-orm"
import { user } from "@/lib/db/schema"
import { changeRole } from "./acts"
import type { Role } from "./view"

/**
 * Makes the user with this address an administrator, or one like any other.
 * @returns what was done, as a sentence
 * @throws when nobody has the address
 */
export async function changeRoleByEmail(email: string, role: Role): Promise<string> {
  // Compared as Better Auth stores it, which the unique index then finds.
  const changed = await changeRole(
    { actor: "system" },
    eq(user.email, sql`lower(${email.trim()})`),
    role,
  )
  if (!changed) {
    throw new Error(`Nobody has signed up as ${email}. Sign up with that address first.`)
  }
  const what = role === "admin" ? "an administrator" : "a user like any other"
  const note = changed.ban ? " The account is banned, though, and cannot sign in." : ""
  return `${changed.email} is ${what} now.${note}`
}
