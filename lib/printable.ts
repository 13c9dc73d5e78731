/**
 * Text that somebody else wrote, made fit for a row and for a line of the log: it cannot end the line,
 * hide what stands beside it, or move a terminal's cursor.
 */

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu

/** `text` cut to `longest` characters, with a space where it held what cannot be seen. */
export function printable(text: string, longest = 100): string {
  return text.slice(0, longest).replace(unprintable, " ")
}
