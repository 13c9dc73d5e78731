/** Why an administrator's act is refused: the one table. Pages say the same (`lib/errors.ts`, by a test). */

const sentences = {
  NOT_ADMIN: "You are no longer an administrator.",
  USER_NOT_FOUND: "There is no such user any more.",
  SESSION_NOT_FOUND: "This device was already signed out.",
  OWN_SESSION: "That is the session you are using. Sign out instead.",
  OWN_ROLE: "You cannot take your own role away. Ask another administrator to do it.",
  OWN_BAN: "You cannot ban yourself.",
  CANNOT_IMPERSONATE_ADMIN: "An administrator cannot be impersonated.",
  CANNOT_IMPERSONATE_BANNED: "This user is banned and cannot sign in, so neither can you as them.",
  NOT_IMPERSONATING: "You already see the app as yourself.",
  IMPERSONATING: "You see the app as somebody else. Return to your account first.",
  INVALID_ROLE: "A user is either an administrator or not.",
  INVALID_BAN: "Say why, in at most 200 characters.",
} as const

type Code = keyof typeof sentences

export const adminErrors = Object.fromEntries(
  Object.entries(sentences).map(([code, message]) => [code, { code, message }]),
) as { [C in Code]: { code: C; message: (typeof sentences)[C] } }
