/**
 * The content security policy. Runs at the edge, so it must not import anything that needs Node.
 */

/**
 * The policy for one page.
 * @param nonce of this answer's inline scripts; null for a page rendered at build time, whose
 *   inline scripts (Next puts the page's data there) cannot carry one
 */
export function contentSecurityPolicy(nonce: string | null, isDevelopment: boolean): string {
  const scripts = nonce ? `'nonce-${nonce}'` : "'unsafe-inline'"
  return [
    "default-src 'self'",
    // Development rebuilds stack traces with eval, and reloads over a socket.
    `script-src 'self' ${scripts}${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `connect-src 'self'${isDevelopment ? " ws: wss:" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    // Avatars come from wherever their owner keeps them.
    "img-src 'self' data: https:",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ")
}
