/**
 * Every table, and the only place they are described. Better Auth finds its own by their export
 * names; migrations in `drizzle/` are generated from here (`npm run db:generate`).
 */
import { relations, sql } from "drizzle-orm"
import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  text,
  timestamp,
} from "drizzle-orm/pg-core"

/** A transaction's id, which never wraps around; the drivers hand it over as text. */
const transactionId = customType<{ data: string }>({ dataType: () => "xid8" })

const moment = (name: string) => timestamp(name, { withTimezone: true })

export const user = pgTable("user", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
})

export const session = pgTable(
  "session",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    expiresAt: moment("expires_at").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    // The rest belongs to the sessions plugin (lib/sessions/plugin.ts).
    name: text("name"),
    signInMethod: text("sign_in_method"),
    city: text("city"),
    country: text("country"),
    lastActiveAt: moment("last_active_at").notNull().defaultNow(),
  },
  (table) => [
    // Listing and revoking go by user; cleaning up goes by expiry.
    index("session_user_id_idx").on(table.userId),
    index("session_expires_at_idx").on(table.expiresAt),
  ],
)

export const account = pgTable(
  "account",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: moment("access_token_expires_at"),
    refreshTokenExpiresAt: moment("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [index("account_user_id_idx").on(table.userId)],
)

export const verification = pgTable(
  "verification",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: moment("expires_at").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [index("verification_identifier_idx").on(table.identifier)],
)

export const rateLimit = pgTable("rate_limit", {
  id: text("id").primaryKey(),
  key: text("key").notNull().unique(),
  count: integer("count").notNull(),
  lastRequest: bigint("last_request", { mode: "number" }).notNull(),
})

/**
 * What must no longer be believed of a cached session: rows for sessions that ended and users that
 * changed. Written by triggers (`drizzle/0002_invalidation_triggers.sql`) whichever path did it,
 * read by `lib/sessions/invalidation.ts`.
 */
export const sessionInvalidation = pgTable(
  "session_invalidation",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    /** The session that ended, or null. */
    sessionId: text("session_id"),
    /** The user that changed, or null, and the `updated_at` of the row as it is now. */
    userId: text("user_id"),
    userUpdatedAt: moment("user_updated_at"),
    /** The transaction that wrote the row: readers page by it, since rows appear in no other order. */
    transaction: transactionId("transaction").notNull().default(sql`pg_current_xact_id()`),
    at: moment("at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    index("session_invalidation_transaction_idx").on(table.transaction),
    index("session_invalidation_at_idx").on(table.at),
  ],
)

// Lets Better Auth read a session and its user in one query.
export const sessionRelations = relations(session, ({ one }) => ({
  user: one(user, { fields: [session.userId], references: [user.id] }),
}))

export const accountRelations = relations(account, ({ one }) => ({
  user: one(user, { fields: [account.userId], references: [user.id] }),
}))

export const userRelations = relations(user, ({ many }) => ({
  sessions: many(session),
  accounts: many(account),
}))
