/**
 * Plain HTML forms, for a browser without scripts or a page that is not awake yet. Each is handed to the
 * endpoint that the page's script would call, as the same request: origin check, rate limit and the look at the
 * database are that endpoint's. Nothing may be decided here.
 */
import { env } from "@/lib/env"
import { securityPath, signInUrl } from "@/lib/routes"
import { handleAuth, readBody } from "./handler"

type Form = { endpoint: string; fields: readonly string[]; done: string }

const forms = new Map<string, Form>([
  ["sign-out", { endpoint: "/sign-out", fields: [], done: "/" }],
  [
    "revoke-session",
    { endpoint: "/revoke-session", fields: ["id"], done: `${securityPath}?done=device` },
  ],
  [
    "revoke-other-sessions",
    { endpoint: "/revoke-other-sessions", fields: [], done: `${securityPath}?done=others` },
  ],
])

const refuse = (status: number) =>
  new Response(null, { status, headers: { "Cache-Control": "no-store" } })

/** Where a form leads that was answered with `status`; what it says there is `problemSentence`'s. */
function destination(status: number, { done }: Form): string {
  // Not one of the user's sessions, or not any more: it is signed out, as was asked for.
  if (status === 200 || status === 404) return done
  if (status === 401) return `${signInUrl(securityPath)}&reason=signed-out`
  return `${securityPath}?problem=${status}`
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

  const answerHeaders = new Headers({
    Location: destination(answer.status, form),
    "Cache-Control": "no-store",
  })
  for (const cookie of answer.headers.getSetCookie()) answerHeaders.append("Set-Cookie", cookie)
  return new Response(null, { status: 303, headers: answerHeaders })
}
