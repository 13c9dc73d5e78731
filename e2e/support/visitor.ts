/** A client of servers that a spec starts itself: keeps its cookies, and is under no rate limit. */
import { newAddress } from "./http"

const password = "correct horse battery"
export const tokenCookie = "better-auth.session_token"
const dataCookie = "better-auth.session_data"

export class Visitor {
  readonly cookies = new Map<string, string>()

  constructor(
    /** Where it signs in; the servers of a spec share one database and one secret. */
    readonly origin: string,
  ) {}

  /** Requests `path`, of another server when one is named, and keeps the cookies it sets. */
  async request(path: string, init: RequestInit & { json?: object; server?: string } = {}) {
    const { json, server = this.origin, ...rest } = init
    const response = await fetch(`${server}${path}`, {
      redirect: "manual",
      ...(json ? { method: "POST", body: JSON.stringify(json) } : {}),
      ...rest,
      headers: {
        // The address the app believes to have, whichever of the servers is asked.
        origin: this.origin,
        "x-forwarded-for": newAddress(),
        ...(json ? { "content-type": "application/json" } : {}),
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(rest.headers as Record<string, string> | undefined),
      },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split("; ")
      const at = pair.indexOf("=")
      if (attributes.includes("Max-Age=0")) this.cookies.delete(pair.slice(0, at))
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  post(path: string, json: object = {}, server?: string) {
    return this.request(`/api/auth${path}`, { json, ...(server ? { server } : {}) })
  }

  async signUp(email: string, own = password): Promise<void> {
    const body = { name: "Ana", email, password: own }
    const response = await this.post("/sign-up/email", body)
    if (!response.ok) throw new Error(`sign-up answered ${response.status}`)
  }

  async signIn(email: string): Promise<void> {
    const response = await this.post("/sign-in/email", { email, password })
    if (!response.ok) throw new Error(`sign-in answered ${response.status}`)
  }

  async sessionId(): Promise<string> {
    const response = await this.request("/api/auth/get-session")
    return ((await response.json()) as { session: { id: string } }).session.id
  }

  /** Forgets the cached copy, so that the next read needs the database. */
  lapse(): void {
    this.cookies.delete(dataCookie)
  }
}
