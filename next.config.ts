import type { NextConfig } from "next"

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
    // Their address holds a secret.
    ...["/reset-password", "/verify-email", "/api/auth/:path*"].map((source) => ({
      source,
      headers: [{ key: "Referrer-Policy", value: "no-referrer" }],
    })),
  ],
}

export default nextConfig
