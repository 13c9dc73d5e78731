/**
 * What people may type, said once: forms check with these before sending, and Better Auth's
 * endpoints check with them again (`lib/auth/input.ts`). Messages are sentences for the page.
 */
import { z } from "zod"
import { days } from "./time"

export const passwordMinLength = 8
export const passwordMaxLength = 128

// Control characters, halves of a character, and those that turn the direction of the text around them.
const isPrintable = (text: string) => !/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u.test(text)
/** As people count: an emoji is one character, though JavaScript says two. */
const isAtMost = (length: number) => (text: string) => [...text].length <= length
const notPrintable = "Leave out characters that cannot be seen."

const name = z
  .string()
  .trim()
  .min(1, "Enter your name.")
  .refine(isAtMost(100), "Use at most 100 characters for your name.")
  .refine(isPrintable, notPrintable)

const email = z
  .email("Enter an email address, like ana@example.com.")
  .max(254, "Use at most 254 characters for your email address.")

const password = z.string().min(1, "Enter your password.").max(passwordMaxLength)

const newPassword = z
  .string()
  .min(passwordMinLength, `Use at least ${passwordMinLength} characters.`)
  .max(passwordMaxLength, `Use at most ${passwordMaxLength} characters.`)

// An image is shown by an <img>, so only addresses a browser fetches as one, and written as it would:
// in ASCII. Short, because the session cookie carries it.
const image = z.union([
  z.literal("").transform(() => null),
  z.null(),
  z
    .url({
      protocol: /^https$/,
      normalize: true,
      error: "Enter an address that starts with https:// or leave this empty.",
    })
    .max(500, "Use at most 500 characters for the address."),
])

export const signUpSchema = z.object({ name, email, password: newPassword })
export const signInSchema = z.object({ email, password, rememberMe: z.boolean().optional() })
export const forgotPasswordSchema = z.object({ email })
export const resetPasswordSchema = z.object({ newPassword })
export const profileSchema = z.object({ name, image })
export const changePasswordSchema = z.object({
  currentPassword: password,
  newPassword,
  revokeOtherSessions: z.boolean(),
})
/** What a user calls one of their devices; empty takes the name away again. */
export const sessionNameSchema = z
  .string()
  .trim()
  .refine(isAtMost(64), "Use at most 64 characters.")
  .refine(isPrintable, notPrintable)

/** Why a user may not sign in any more, and for how many seconds; for good when that is left out. */
export const banSchema = z.object({
  banReason: z
    .string("Say why.")
    .trim()
    .min(1, "Say why.")
    .max(200, "Use at most 200 characters.")
    .refine(isPrintable, notPrintable),
  banExpiresIn: z
    .number("Choose how long.")
    .int("Choose how long.")
    .min(1, "Choose how long.")
    .max(days(3650), "Choose less than ten years, or no end.")
    .nullish(),
})

/** The first message for each field of a failed parse, by field name. */
export function fieldErrors(error: z.ZodError): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const issue of error.issues) errors[String(issue.path[0] ?? "form")] ??= issue.message
  return errors
}
