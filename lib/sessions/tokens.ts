/**
 * The last gate before an answer leaves Better Auth: some of its endpoints put the raw session token
 * into their JSON, where scripts and logs can read it. The cookie is the only place for it.
 */

type Plain = Record<string, unknown>

/** Arrays and plain objects; dates, errors and responses are passed on as they are. */
function isPlain(value: unknown): value is Plain {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  )
}

/** Session rows, and the answers of sign-in, sign-up and password change: `{ token, user }`. */
function holdsSessionToken(value: Plain): boolean {
  return "token" in value && ("user" in value || ("userId" in value && "expiresAt" in value))
}

/**
 * A copy of `answer` without session tokens at any depth.
 * @returns undefined when there is nothing to take out, so that the answer itself is kept
 */
export function withoutTokens(answer: unknown): unknown {
  const clean = strip(answer)
  return clean === answer ? undefined : clean
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(strip)
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isPlain(value)) return value
  const entries = Object.entries(value)
  const kept = holdsSessionToken(value) ? entries.filter(([key]) => key !== "token") : entries
  const clean = kept.map(([key, item]) => [key, strip(item)] as const)
  const changed = clean.length < entries.length || clean.some(([key, item]) => item !== value[key])
  return changed ? Object.fromEntries(clean) : value
}
