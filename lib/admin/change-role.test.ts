import { eq } from "drizzle-orm"
import { describe, expect, it } from "vitest"
import { db } from "@/lib/db"
import { user } from "@/lib/db/schema"
import { signedUp } from "@/lib/testing/browser"
import { changeRoleByEmail } from "./change-role"

const roleOf = async (id: string) => (await db.select().from(user).where(eq(user.id, id)))[0]?.role

describe("changeRoleByEmail", () => {
  it("makes an administrator, whatever the case of the address, and takes it back", async () => {
    const { userId, email } = await signedUp()
    const made = await changeRoleByEmail(` ${email.toUpperCase()} `, "admin")
    expect(made).toBe(`${email} is an administrator now.`)
    expect(await roleOf(userId)).toBe("admin")
    expect(await changeRoleByEmail(email, "user")).toBe(`${email} is a user like any other now.`)
    expect(await roleOf(userId)).toBe("user")
  })

  it("says so when nobody has the address", async () => {
    await expect(changeRoleByEmail("nobody@example.com", "admin")).rejects.toThrow(
      "Nobody has signed up as nobody@example.com. Sign up with that address first.",
    )
  })

  it("says so when the account is banned, which it does not change", async () => {
    const { userId, email } = await signedUp()
    await db.update(user).set({ banned: true }).where(eq(user.id, userId))
    expect(await changeRoleByEmail(email, "admin")).toMatch(/banned, though, and cannot sign in/)
  })
})
