/** Where the link in a verification mail ends: the page that says so, and leads on to `callbackUrl`. */
export function verifiedUrl(callbackUrl: string): string {
  return `/verify-email?verified=1&callbackUrl=${encodeURIComponent(callbackUrl)}`
}
