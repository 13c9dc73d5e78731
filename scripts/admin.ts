/**
 * `npm run admin -- user@example.com`: makes someone an administrator, the first one above all;
 * `--remove` takes the role away. It asks for no rights: whoever can run it has the database.
 */
import "./load-env"
import { changeRoleByEmail } from "@/lib/admin/change-role"
import { closeDatabase } from "@/lib/db"
import { openDatabase } from "@/lib/db/migrate"

const usage = "Usage: npm run admin -- user@example.com [--remove]"

async function main(): Promise<string> {
  const given = process.argv.slice(2)
  const [email, ...others] = given.filter((argument) => argument !== "--remove")
  if (!email?.includes("@") || others.length > 0) throw new Error(usage)
  await openDatabase()
  try {
    return await changeRoleByEmail(email, given.includes("--remove") ? "user" : "admin")
  } finally {
    await closeDatabase()
  }
}

try {
  console.log(await main())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
