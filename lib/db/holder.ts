/**
 * Whose rows a write is about, as an expression for the user's id: whoever ends or changes several of
 * them holds that user first, so that nobody else does at the same time, in another order.
 */
import type { DBTransactionAdapter } from "better-auth"
import { type SQL, sql } from "drizzle-orm"

type Where = Parameters<DBTransactionAdapter["deleteMany"]>[0]["where"]

/** By the row's own columns that name exactly one: where the user's id is found. */
const columns: Record<string, { userId: string; by: Record<string, string> }> = {
  session: { userId: "user_id", by: { id: "id", token: "token" } },
  account: { userId: "user_id", by: { id: "id" } },
  // The links and codes of a user; what else stands there names nobody.
  verification: { userId: "value", by: { id: "id", identifier: "identifier" } },
}

/** The user whose rows of `model` are found by `where`, or null when that is nobody in particular. */
export function holderOf(model: string, where: Where): SQL | null {
  const table = columns[model]
  if (!table) return null
  for (const { field, value, operator = "eq", connector = "AND" } of where) {
    if (operator !== "eq" || connector !== "AND" || typeof value !== "string") continue
    if (field === "userId") return sql`${value}`
    const column = table.by[field]
    if (!column) continue
    return sql`select ${sql.identifier(table.userId)} from ${sql.identifier(model)} where ${sql.identifier(column)} = ${value}`
  }
  return null
}
