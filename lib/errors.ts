/** What went wrong, as a sentence for the page: what happened and what to do. Never a bare code. */

export type RequestError = { status?: number; code?: string; message?: string }

const sentences: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "The email or password is not right. Check both and try again.",
  INVALID_EMAIL: "Enter an email address, like ana@example.com.",
  INVALID_PASSWORD: "That is not your current password.",
  PASSWORD_TOO_SHORT: "Use a longer password.",
  PASSWORD_TOO_LONG: "Use a shorter password.",
  EMAIL_NOT_VERIFIED: "Confirm your email address first: open the link we sent you.",
  USER_ALREADY_EXISTS: "This email already has an account. Sign in instead.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "This email already has an account. Sign in instead.",
  INVALID_TOKEN: "This link has expired or was already used. Ask for a new one.",
  TOKEN_EXPIRED: "This link has expired. Ask for a new one.",
  SESSION_NOT_FOUND: "This device was already signed out.",
  USER_NOT_FOUND: "There is no such user any more.",
  BODY_TOO_LARGE: "That is too much text. Shorten it and try again.",
  INVALID_ORIGIN:
    "This page was opened under another address than the app's own. Open it at its own address.",
}

// Codes whose message is written by us (lib/validation.ts, lib/admin/errors.ts) and fits the page as it is.
const ownMessages = new Set([
  "INVALID_NAME",
  "INVALID_IMAGE",
  "BANNED_USER",
  "INVALID_BAN",
  "INVALID_ROLE",
  "NOT_ADMIN",
  "NOT_IMPERSONATING",
  "OWN_SESSION",
  "OWN_ROLE",
  "OWN_BAN",
  "CANNOT_IMPERSONATE_ADMIN",
  "CANNOT_IMPERSONATE_BANNED",
  "IMPERSONATING",
])

/** The sentence for a failed request; `{}` or null means that it never reached the server. */
export function errorMessage(error: RequestError | null | undefined): string {
  const { status = 0, code = "", message } = error ?? {}
  if (ownMessages.has(code) && message) return message
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined
  if (sentence) return sentence
  if (status === 429) return "Too many tries. Wait a moment and try again."
  if (status === 401) return "You were signed out. Sign in again to go on."
  if (status === 503) return "This is temporarily unavailable. You can try again in a moment."
  if (status >= 400 && status < 500)
    return "That did not work. Check what you entered and try again."
  if (status >= 500) return "Something went wrong on our side. Try again in a moment."
  return "The server could not be reached. Check your connection and try again."
}
