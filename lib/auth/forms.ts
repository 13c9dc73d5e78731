/**
 * Plain HTML forms, for a browser without scripts or a page that is not awake yet. Each is handed to the
 * endpoint that the page's script would call, as the same request: origin check, rate limit and the look at the
 * database are that endpoint's. Nothing may be decided here.
 */
import { env } from "@/lib/env"
import { securityPath, signInUrl } from "@/lib/routes"
import { readCookies } from "@/lib/sessions/cookies"
import { handleAuth, readBody } from "./handler"

type Form = {
  endpoint: string
  fields: readonly string[]
  /** Where it leads when it has worked, and what is said there. */
  done: string
  outcome?: FormOutcome
}

const forms = new Map<string, Form>([
  ["sign-out", { endpoint: "/sign-out", fields: [], done: "/" }],
  [
    "revoke-session",
    { endpoint: "/revoke-session", fields: ["id"], done: securityPath, outcome: "device" },
  ],
  [
    "revoke-other-sessions",
    { endpoint: "/revoke-other-sessions", fields: [], done: securityPath, outcome: "others" },
  ],
])

/** What became of a form: what it ended, or the status it was refused with. */
export type FormOutcome = "device" | "others" | number

/** Tells the page that follows. Not in its address, where anyone could write it into a link. */
const outcomeCookie = "form-outcome"
/** As long as it takes to show that page, in seconds. */
const outcomeSeconds = 5

/** The outcome that a request brings along, or null. */
export function readFormOutcome(cookies: string | null): FormOutcome | null {
  const value = readCookies(cookies).get(outcomeCookie)
  if (value === "device" || value === "others") return value
  return value && /^[45]\d\d$/.test(value) ? Number(value) : null
}

const refuse = (status: number) =>
  new Response(null, { status, headers: { "Cache-Control": "no-store" } })

/** Where a form leads that was answered with `status`, and what is to be said there. */
function destination(status: number, form: Form): { path: string; outcome?: FormOutcome } {
  // Not one of the user's sessions, or not any more: it is signed out, as was asked for.
  if (status === 200 || status === 404) {
    return { path: form.done, ...(form.outcome && { outcome: form.outcome }) }
  }
  if (status === 401) return { path: `${signInUrl(securityPath)}&reason=signed-out` }
  return { path: securityPath, outcome: status }
}

/** Answers a form that was posted to `/api/forms/<name>`, with the way on. */
export async function handleForm(request: Request, name: string): Promise<Response> {
  const form = forms.get(name)
  if (!form) return refuse(404)
  const [type] = (request.headers.get("content-type") ?? "").split(";")
  if (type?.trim() !== "application/x-www-form-urlencoded") return refuse(415)
  const body = await readBody(request)
  if (!body) return refuse(413)
  const posted = new URLSearchParams(new TextDecoder().decode(body))

  const headers = new Headers(request.headers)
  headers.delete("content-length")
  headers.set("content-type", "application/json")
  const json = Object.fromEntries(form.fields.map((field) => [field, posted.get(field) ?? ""]))
  const answer = await handleAuth(
    new Request(`${env.BETTER_AUTH_URL}/api/auth${form.endpoint}`, {
      method: "POST",
      headers,
      body: JSON.stringify(json),
    }),
  )

  const { path, outcome } = destination(answer.status, form)
  const answerHeaders = new Headers({ Location: path, "Cache-Control": "no-store" })
  for (const cookie of answer.headers.getSetCookie()) answerHeaders.append("Set-Cookie", cookie)
  if (outcome) {
    const secure = env.BETTER_AUTH_URL.startsWith("https://") ? "; Secure" : ""
    answerHeaders.append(
      "Set-Cookie",
      `${outcomeCookie}=${outcome}; Path=${securityPath}; Max-Age=${outcomeSeconds}; HttpOnly; SameSite=Lax${secure}`,
    )
  }
  return new Response(null, { status: 303, headers: answerHeaders })
}
