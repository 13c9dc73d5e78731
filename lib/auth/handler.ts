/**
 * Better Auth over HTTP, with the answers it lacks: 404 before an unknown path is counted, 503 when the
 * database is down (it says 401 or claims success), 500 when a write was refused, 413 before a huge body
 * is read, and `no-store` on everything.
 */
import { auth } from "@/lib/auth"
import { sayIfUnknown } from "@/lib/client-address"
import { DatabaseError, watchForOutage } from "@/lib/db/errors"
import { answerInEvenTime, lostToAnother } from "./even-sign-up"
import { knownPaths } from "./known-paths"
import { log } from "./log"
import { countedAs } from "./rate-limit"

const templateOf = knownPaths(auth.api)

/** Larger than any form of ours, in bytes. */
const longestBody = 64 * 1024

const refuse = (status: number, code: string, message: string, headers: HeadersInit = {}) =>
  Response.json({ code, message }, { status, headers: { "Cache-Control": "no-store", ...headers } })

const notFound = () => refuse(404, "NOT_FOUND", "There is nothing at this address.")

/** What Better Auth did not expect: for the log, not for the caller. */
function failed(error: unknown): Response {
  if (error instanceof DatabaseError && error.unavailable) throw error
  log("error", "A request could not be answered.", error)
  return refuse(500, "NOT_DONE", "That did not work. Try again later.")
}

/** The body, or null once it is longer than it may be; a length that is not declared is counted. */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get("content-length") ?? 0) > longestBody) return null
  const body = new Uint8Array(longestBody)
  let length = 0
  for await (const chunk of request.body ?? []) {
    if (length + chunk.length > longestBody) return null
    body.set(chunk, length)
    length += chunk.length
  }
  return body.slice(0, length)
}

/** Answers a request to `/api/auth/*`. */
export async function handleAuth(request: Request): Promise<Response> {
  const since = performance.now()
  const template = templateOf(request)
  if (!template) return notFound()
  sayIfUnknown(request.headers)
  let forwarded = request
  let body: Uint8Array<ArrayBuffer> | null = null
  if (request.body) {
    body = await readBody(request)
    if (!body) return refuse(413, "BODY_TOO_LARGE", "That is too much to send.")
    const { method, headers, signal } = request
    // An empty body is none: some clients declare JSON and send nothing.
    forwarded = new Request(request.url, {
      method,
      headers,
      signal,
      body: body.length > 0 ? body : null,
    })
  }
  const outcome = await watchForOutage(async () => {
    const answer = await countedAs(template, () => auth.handler(forwarded).catch(failed))
    if (!body || !(await lostToAnother(template, answer))) return answer
    const text = new TextDecoder().decode(body)
    const isForm = request.headers.get("content-type")?.includes("urlencoded")
    const again = isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text)
    return auth.api.signUpEmail({ body: again, headers: request.headers, asResponse: true })
  })
  if (outcome.unavailable) {
    // A new answer: whatever cookie Better Auth cleared on the way stays where it is.
    return refuse(503, "SERVICE_UNAVAILABLE", "This is temporarily unavailable. Try again.", {
      "Retry-After": "1",
    })
  }
  const { status, statusText } = outcome.value
  await answerInEvenTime(template, status, since)
  if (outcome.badValue && !outcome.value.ok) {
    // Better Auth calls it an error of its own; it was the caller's.
    return refuse(400, "INVALID_INPUT", "That holds a character which cannot be stored.")
  }
  if (outcome.refusedWrite && outcome.value.ok) {
    // Better Auth's sign-out claims success; the session lives on, and so does its cookie.
    return refuse(500, "NOT_DONE", "That did not work. Nothing has changed.")
  }
  const headers = new Headers(outcome.value.headers)
  headers.set("Cache-Control", "no-store")
  const retryAfter = headers.get("X-Retry-After")
  if (status === 429 && retryAfter) {
    return refuse(429, "TOO_MANY_REQUESTS", "Too many tries. Wait a moment and try again.", {
      "Retry-After": retryAfter,
    })
  }
  if (status === 404 && !headers.has("content-type")) {
    return notFound()
  }
  return new Response(outcome.value.body, { status, statusText, headers })
}
