/** Texts with which a client would forge log lines, and what a line of ours looks like. */

/** Each ends a line, moves the cursor, hides text or imitates a line of ours. */
export const forgeries = [
  "\n[auth] forged",
  '\r\n{"event":"sign-in","userId":"forged"}',
  "\r[auth] forged",
  "\u2028[auth] forged",
  "\u2029The database answers again.",
  "\u0085[auth] forged",
  "\u001b[2K\u001b[1A[auth] forged",
  "\u001b]0;forged\u0007",
  "\u009b2J forged",
  "forged\u0000",
  "\u202E[auth] degrof",
  "\u2066forged\u2069",
  "\u200bforged",
  "\n    at forged (forged.ts:1:1)",
  "\v\f\bforged",
  "%0A[auth] forged",
  "%s%d%o forged",
  '{"event":"sign-in"}',
]

const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/** How lines begin that are ours: an event, a sentence of Better Auth's, an error and parts of its stack. */
const beginnings = [
  /^\{"event":"[a-z-]+",/,
  /^\[auth\] (?!forged)\S/,
  /^( ?⨯ )?[A-Z]\w*Error: /,
  /^( ?⨯ )?Error: /,
  /^ {4}at (?!forged)\S/,
  /^ {4}caused by \w/,
  /^Requests with forwarded headers come from /,
]

/** Whether a line was begun by us and shows all that is in it. */
export const isOwnLine = (line: string): boolean =>
  !hidden.test(line) && beginnings.some((beginning) => beginning.test(line))
