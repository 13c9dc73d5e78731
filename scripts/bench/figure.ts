/** What a benchmark finds: a number with a stable name, and the target it was promised to meet. */

export type Figure = {
  /** Stable: what reads the JSON file goes by it. */
  name: string
  label: string
  value: number
  unit: string
  /** "<= 25", ">= 20", or null where there is no promise. */
  target: string | null
  ok: boolean
}

type Target = { atMost: number } | { atLeast: number }

/** Three digits are all that a busy machine can vouch for. */
const rounded = (value: number) =>
  value >= 1000 ? Math.round(value) : Number(value.toPrecision(3))

export function figure(
  name: string,
  label: string,
  value: number,
  unit: string,
  target?: Target,
): Figure {
  const found = { name, label, value: rounded(value), unit }
  if (!target) return { ...found, target: null, ok: true }
  return "atMost" in target
    ? { ...found, target: `<= ${target.atMost}`, ok: value <= target.atMost }
    : { ...found, target: `>= ${target.atLeast}`, ok: value >= target.atLeast }
}

/** The smallest of `values` that `part` of them do not exceed. */
export function percentile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]
  if (value === undefined) throw new Error("Nothing was measured.")
  return value
}

export const median = (values: number[]) => percentile(values, 0.5)

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await work()
  return performance.now() - since
}
