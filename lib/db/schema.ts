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
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core"

/** A transaction's id, which never wraps around; the drivers hand it over as text. */
const transactionId = customType<{ data: string }>({ dataType: () => "xid8" })

const moment = (name: string) => timestamp(name, { withTimezone: true })

export const user = pgTable(
  "user",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    email: text("email").notNull().unique(),
    emailVerified: boolean("email_verified").notNull().default(false),
    image: text("image"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
    // The rest belongs to Better Auth's admin plugin.
    role: text("role").default("user"),
    banned: boolean("banned").default(false),
    banReason: text("ban_reason"),
    banExpires: moment("ban_expires"),
  },
  (table) => [
    // The administrators' list: newest first, and found by how a name or an address begins.
    index("user_created_at_idx").on(table.createdAt, table.id),
    index("user_name_search_idx").on(sql`lower(${table.name}) text_pattern_ops`, table.id),
    index("user_email_search_idx").on(sql`lower(${table.email}) text_pattern_ops`, table.id),
  ],
)

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
    /** Whether "Remember me" was on: the browser's cookie says so too, but could be left out. */
    remembered: boolean("remembered").notNull().default(true),
    // Belongs to the admin plugin: the administrator who looks at the app as this user.
    impersonatedBy: text("impersonated_by"),
    /** The administrator's own session at that time: when it ends, this one does (a trigger). */
    openedBySessionId: text("opened_by_session_id"),
  },
  (table) => [
    // Listing and revoking go by user; cleaning up goes by expiry.
    index("session_user_id_idx").on(table.userId),
    index("session_expires_at_idx").on(table.expiresAt),
    // Few are; an administrator who loses the role loses these at once.
    index("session_impersonated_by_idx")
      .on(table.impersonatedBy)
      .where(sql`${table.impersonatedBy} is not null`),
    index("session_opened_by_session_id_idx")
      .on(table.openedBySessionId)
      .where(sql`${table.openedBySessionId} is not null`),
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
  (table) => [
    index("verification_identifier_idx").on(table.identifier),
    index("verification_expires_at_idx").on(table.expiresAt),
  ],
)

export const rateLimit = pgTable(
  "rate_limit",
  {
    id: text("id").primaryKey(),
    key: text("key").notNull().unique(),
    count: integer("count").notNull(),
    lastRequest: bigint("last_request", { mode: "number" }).notNull(),
  },
  (table) => [index("rate_limit_last_request_idx").on(table.lastRequest)],
)

/**
 * What must no longer be believed of a cached session: a row for each session that ended and one for each
 * user that changed, however often. A row that names neither says to believe nothing from before it.
 * Written by triggers (`drizzle/0002`, `0005`) whichever path did it, read by `lib/sessions/invalidation.ts`.
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
    uniqueIndex("session_invalidation_user_id_idx")
      .on(table.userId)
      .where(sql`${table.userId} is not null`),
  ],
)

/**
 * What happened to accounts: append-only, each row written in the transaction of the act itself, by
 * triggers (`drizzle/0004_activity_triggers.sql`). Never a token, a password or a code.
 */
export const activity = pgTable(
  "activity",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: moment("at").notNull().default(sql`clock_timestamp()`),
    /** Whose account it concerns. */
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    /** One of `activityKinds` (`lib/activity/view.ts`). */
    kind: text("kind").notNull(),
    /** Who did it: `user`, `admin` or `system`; with an administrator's id where it was one. */
    actor: text("actor").notNull(),
    actorId: text("actor_id"),
    /** The session it is about. That may have ended, so it refers to no row. */
    sessionId: text("session_id"),
    /** From where it was done; null where nobody did it. */
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    city: text("city"),
    country: text("country"),
    /** The rest, by kind (`ActivityDetail`). */
    detail: jsonb("detail").notNull().default({}),
    /** The transaction that wrote the row, by which the server finds what its own act has caused. */
    transaction: transactionId("transaction").notNull().default(sql`pg_current_xact_id()`),
  },
  (table) => [
    // A user's newest first, kind by kind. By the negated id, so that no other index has this order:
    // Postgres would rather walk the primary key, through everybody's events, and may have to go far.
    index("activity_user_id_idx").on(table.userId, table.kind, sql`(-${table.id})`),
    index("activity_at_idx").on(table.at),
    index("activity_transaction_idx").on(table.transaction),
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
