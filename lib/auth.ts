/**
 * The whole of authentication in one literal: this file is the table of contents of the system.
 * Everything with a decision in it lives in `lib/auth/`, `lib/sessions/`, `lib/mail/` and `lib/db/`.
 */
import { drizzleAdapter } from "better-auth/adapters/drizzle"
import { type BetterAuthOptions, betterAuth } from "better-auth/minimal"
import { nextCookies } from "better-auth/next-js"
import { administration } from "./admin/plugin"
import { runInBackground } from "./auth/background"
import { sendExistingAccount, sendPasswordReset, sendVerification } from "./auth/emails"
import { withFastReads } from "./auth/fast-reads"
import { checkInput } from "./auth/input"
import { log } from "./auth/log"
import { hashesBeforeSignUp, passwordHashing } from "./auth/password-hash"
import { requestCounts } from "./auth/rate-limit"
import { explainRefusal } from "./auth/refusals"
import { authSecret } from "./auth/secret"
import { trustedAddressHeader } from "./client-address"
import { guardAdapter } from "./db/adapter"
import * as schema from "./db/schema"
import { env } from "./env"
import { isMailConfigured } from "./mail"
import { cookiePrefix } from "./routes"
import { cacheVersion } from "./sessions/invalidation"
import { limitReads } from "./sessions/limit-reads"
import { sessions } from "./sessions/plugin"
import { hours } from "./time"
import { passwordMaxLength, passwordMinLength } from "./validation"

const isHttps = env.BETTER_AUTH_URL.startsWith("https://")

const options = {
  appName: "next-session-starter",
  baseURL: env.BETTER_AUTH_URL,
  secret: authSecret(),
  database: limitReads(
    guardAdapter(
      (db) => drizzleAdapter(db, { provider: "pg", schema, transaction: true }),
      explainRefusal,
    ),
  ),

  session: {
    expiresIn: env.SESSION_EXPIRES_IN,
    updateAge: env.SESSION_UPDATE_AGE,
    // Extending is left to `lib/sessions/get-session.ts`: other endpoints would move the row's expiry
    // without sending the cookie that has to follow, and the user would be signed out by the old one.
    disableSessionRefresh: true,
    cookieCache: {
      enabled: true,
      maxAge: env.SESSION_CACHE_MAX_AGE,
      strategy: "compact",
      // A cached session is believed for its whole life, unless the database has had news of it.
      version: cacheVersion,
    },
  },

  emailAndPassword: {
    enabled: true,
    minPasswordLength: passwordMinLength,
    maxPasswordLength: passwordMaxLength,
    password: passwordHashing,
    // Without a mail server nobody could follow the link, so a fresh clone signs in at once.
    requireEmailVerification: isMailConfigured,
    revokeSessionsOnPasswordReset: true,
    resetPasswordTokenExpiresIn: hours(1),
    // Each of these only begins once the answer has gone out, so none is waited for.
    sendResetPassword: async ({ user, url }) => sendPasswordReset(user, url),
    onExistingUserSignUp: async ({ user }) => sendExistingAccount(user),
  },
  emailVerification: {
    sendOnSignUp: true,
    expiresIn: hours(1),
    sendVerificationEmail: async ({ user, url }) => sendVerification(user, url),
  },

  rateLimit: {
    enabled: env.NODE_ENV === "production",
    customStorage: requestCounts,
    customRules: {
      // Reading the session must not cost a query, and guessing a token is hopeless.
      "/get-session": false,
      // Meant for servers, but the router answers browsers too: guessing there is as slow as elsewhere.
      "/verify-password": { window: 10, max: 3 },
    },
  },

  advanced: {
    cookiePrefix: cookiePrefix(isHttps),
    // The prefix is ours, so Better Auth must not put "__Secure-" before it.
    useSecureCookies: false,
    defaultCookieAttributes: { secure: isHttps },
    // Better Auth skips the check in tests by default; ours run the real thing.
    disableOriginCheck: false,
    // One query for a session and its user, not two.
    database: { joins: true },
    ipAddress: {
      ipAddressHeaders: [trustedAddressHeader],
    },
    backgroundTasks: { handler: runInBackground },
  },

  logger: { level: "warn", log },
  // Or the router prints what was thrown as it is, clients' text included; `lib/auth/handler.ts` logs it.
  onAPIError: { throw: true },
  hooks: { before: checkInput },
  // `nextCookies` goes last: it hands on the cookies that the others set.
  plugins: [administration(), sessions(), hashesBeforeSignUp(), nextCookies()],
} satisfies BetterAuthOptions

export const auth = withFastReads(betterAuth(options))

/** The reader's session as every read answers it: no token in it. */
export type Session = typeof auth.$Infer.Session
