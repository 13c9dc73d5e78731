/**
 * Runs at the edge before every page: sends visitors without a session cookie to sign in, and sets
 * the page's content security policy. A hint for the browser, never the guard: it does not check
 * the cookie, so every page, handler and action asks for the session itself.
 */
import { type NextRequest, NextResponse } from "next/server"
import { contentSecurityPolicy } from "./lib/csp"
import {
  cookiePrefixes,
  isProtectedPath,
  isStaticPage,
  nonceHeader,
  returnToHeader,
  signInUrl,
} from "./lib/routes"

const isDevelopment = process.env.NODE_ENV === "development"

export function middleware(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  const returnTo = `${pathname}${search}`
  // Any mention of the cookie will do, however it is spelt: the page itself decides. Stricter than the page,
  // this would send a signed-in visitor to sign in, and the sign-in page would send them back, without end.
  const cookies = request.headers.get("cookie") ?? ""
  const hasCookie = cookiePrefixes.some((prefix) => cookies.includes(`${prefix}.session_token`))

  if (isProtectedPath(pathname) && !hasCookie) {
    const redirect = NextResponse.redirect(new URL(signInUrl(returnTo), request.url))
    redirect.headers.set("Cache-Control", "no-store")
    redirect.headers.set("Content-Security-Policy", contentSecurityPolicy(null, isDevelopment))
    return redirect
  }

  const nonce = isStaticPage(pathname) ? null : crypto.randomUUID().replaceAll("-", "")
  const policy = contentSecurityPolicy(nonce, isDevelopment)
  const headers = new Headers(request.headers)
  headers.set(returnToHeader, returnTo)
  headers.delete(nonceHeader)
  if (nonce) {
    headers.set(nonceHeader, nonce)
    // From here Next takes the nonce for its own scripts.
    headers.set("Content-Security-Policy", policy)
  }
  const response = NextResponse.next({ request: { headers } })
  response.headers.set("Content-Security-Policy", policy)
  return response
}

export const config = {
  // Everything but Better Auth, other handlers and Next's own files. Dots are not excluded:
  // "/dashboard/a.b" is a page too.
  matcher: ["/((?!api/|_next/|icon\\.svg$).*)"],
}
