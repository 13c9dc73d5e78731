/** Work that may outlive the answer, such as handing a mail to a slow server. */
import { after } from "next/server"

/**
 * Keeps the server alive until `work`, already running, is done; the answer does not wait for it.
 * Better Auth logs its failure.
 */
export function runInBackground(work: Promise<unknown>): void {
  try {
    after(work)
  } catch {
    // Outside a request (scripts, tests) `after` throws, and nothing would end the process early.
  }
}

/** Begins `work` once the answer has gone out, so that its time tells nothing. It handles its failures. */
export function runAfterAnswer(work: () => Promise<void>): void {
  try {
    after(work)
  } catch {
    // Outside a request, as above.
    setImmediate(() => void work())
  }
}
