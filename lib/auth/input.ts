/**
 * Checks what Better Auth's endpoints take for granted: names and images end up in the session
 * cookie and on pages. The same schemas as the forms use, so that both sides always agree.
 */
import { APIError, createAuthMiddleware } from "better-auth/api"
import type { z } from "zod"
import { profileSchema } from "@/lib/validation"

/** Endpoints that store a profile, and whether the name may be left out. */
const profileEndpoints = new Map<string, z.ZodType<object>>([
  ["/sign-up/email", profileSchema.partial({ image: true })],
  ["/update-user", profileSchema.partial()],
])

/** For `hooks.before`: refuses a bad name or image with 400 and stores the trimmed one. */
export const checkInput = createAuthMiddleware(async (ctx) => {
  const schema = profileEndpoints.get(ctx.path)
  const body: unknown = ctx.body
  if (!schema || typeof body !== "object" || body === null || Array.isArray(body)) return
  const fields: Record<string, unknown> = { ...body }
  const checked = schema.safeParse({
    ...("name" in fields ? { name: fields.name } : {}),
    ...("image" in fields ? { image: fields.image } : {}),
  })
  if (checked.success) return { context: { body: { ...fields, ...checked.data } } }
  const [issue] = checked.error.issues
  throw new APIError("BAD_REQUEST", {
    code: issue?.path[0] === "image" ? "INVALID_IMAGE" : "INVALID_NAME",
    message: issue?.message ?? "Check what you typed.",
  })
})
