import type { NextConfig } from "next"
import { guestPages, protectedPrefixes, resetPath, verifiedPath } from "./lib/routes"

/** Headers that every answer carries; the content security policy is the middleware's. */
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
]

const hsts = { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" }
// What is no page can run nothing and be framed by nobody.
const noPagePolicy = {
  key: "Content-Security-Policy",
  value: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
}
// Whatever such a page answers, Next's own redirects included.
const noStore = { key: "Cache-Control", value: "private, no-store" }
const viaHttps = { type: "header" as const, key: "x-forwarded-proto", value: "https" }

const nextConfig: NextConfig = {
  poweredByHeader: false,
  // WebAssembly and its data files must stay where the package has them.
  serverExternalPackages: ["@electric-sql/pglite"],
  // What browsers and tools ask for without being told to.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  headers: async () => [
    { source: "/:path*", headers: securityHeaders },
    { source: "/:path*", has: [viaHttps], headers: [hsts] },
    ...["/api/:path*", "/_next/:path*", "/icon.svg"].map((source) => ({
      source,
      headers: [noPagePolicy],
    })),
    ...[...protectedPrefixes, ...guestPages, "/dev"].map((page) => ({
      source: `${page}/:path*`,
      headers: [noStore],
    })),
    // Their address holds a secret.
    ...[resetPath, verifiedPath, "/api/auth/:path*"].map((source) => ({
      source,
      headers: [{ key: "Referrer-Policy", value: "no-referrer" }],
    })),
  ],
}

export default nextConfig
