/** The rows of a raw query: the two drivers wrap them differently. */
export async function rowsOf<Row>(result: PromiseLike<unknown>): Promise<Row[]> {
  const answer = (await result) as Row[] | { rows: Row[] }
  return Array.isArray(answer) ? answer : answer.rows
}
