/**
 * Checks what Better Auth's endpoints take for granted: names and images end up in the session
 * cookie and on pages. The same schemas as the forms use, so that both sides always agree.
 */
import { APIError, createAuthMiddleware } from "better-auth/api"
import type { z } from "zod"
import { forgotPasswordSchema, profileSchema } from "@/lib/validation"

/** Endpoints that store a profile, and whether the name may be left out. */
const profileEndpoints = new Map<string, z.ZodType<object>>([
  ["/sign-up/email", profileSchema.partial({ image: true }).extend(forgotPasswordSchema.shape)],
  ["/update-user", profileSchema.partial()],
])

/** For `hooks.before`: refuses a bad name or image with 400 and stores the trimmed one. */
export const checkInput = createAuthMiddleware(async (ctx) => {
  const schema = profileEndpoints.get(ctx.path)
  const body: unknown = ctx.body
  if (!schema || typeof body !== "object" || body === null || Array.isArray(body)) return
  const fields: Record<string, unknown> = { ...body }
  const checked = schema.safeParse(fields)
  if (checked.success) return { context: { body: { ...fields, ...checked.data } } }
  const [issue] = checked.error.issues
  throw new APIError("BAD_REQUEST", {
    code: `INVALID_${String(issue?.path[0] ?? "input").toUpperCase()}`,
    message: issue?.message ?? "Check what you typed.",
  })
})
