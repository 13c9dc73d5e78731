/**
 * What must not happen unseen while a test runs: console errors (a refused script says so there), errors
 * nobody caught, requests that broke off and answers of 500 and above.
 */
import type { BrowserContext } from "@playwright/test"
import { expect } from "@playwright/test"

export class ErrorWatch {
  readonly #seen: string[] = []
  readonly #allowed: RegExp[] = []

  /** Follows every page of `context`. */
  watch(context: BrowserContext): void {
    context.on("console", (message) => {
      if (message.type() !== "error") return
      this.#seen.push(`console: ${message.text()} (${message.location().url})`)
    })
    context.on("weberror", (error) => this.#seen.push(`uncaught: ${error.error().message}`))
    context.on("response", (response) => {
      if (response.status() >= 500) this.#seen.push(`${response.status()}: ${response.url()}`)
    })
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? ""
      // What a page no longer needs is aborted when the reader moves on.
      if (reason !== "net::ERR_ABORTED") this.#seen.push(`${reason}: ${request.url()}`)
    })
  }

  /** Declares an error to be part of the test, such as the browser's note of a 401. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern)
  }

  /** Fails on what was seen and not allowed. */
  verify(): void {
    const unexpected = this.#seen.filter((error) => !this.#allowed.some((one) => one.test(error)))
    expect(unexpected, "errors the test did not declare").toEqual([])
  }
}
