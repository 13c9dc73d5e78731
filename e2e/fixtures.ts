/**
 * What every spec starts from: an address and a user of its own, a browser signed in as that user, and
 * a watch that fails the test on any error it did not declare. Specs import `test` from here only.
 */
import { AxeBuilder } from "@axe-core/playwright"
import { type APIRequestContext, test as base, expect, type Page } from "@playwright/test"
import { type Account, newAccount, signIn, signUp } from "./support/account"
import { ErrorWatch } from "./support/error-watch"
import { cameFrom, newAddress, post } from "./support/http"

export { expect }

type Fixtures = {
  /** Watches every page of the test; call the one below to declare an error. */
  errorWatch: ErrorWatch
  allowErrors: (pattern: RegExp) => void
  /** Someone who has no account yet. */
  stranger: Account
  /** An account of this test's own, signed in nowhere. */
  user: Account
  /** The test's page, signed in as `user`. */
  signedIn: Page
  /** A page in a browser of its own, signed in as `user`. */
  secondBrowser: (userAgent?: string) => Promise<Page>
  /** A client without a browser and without cookies, from an address of its own. */
  newClient: () => Promise<APIRequestContext>
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads dependencies from the pattern
  extraHTTPHeaders: async ({}, use) => use(cameFrom(newAddress())),

  errorWatch: [
    async ({ context }, use) => {
      const watch = new ErrorWatch()
      watch.watch(context)
      await use(watch)
      watch.verify()
    },
    { auto: true },
  ],

  allowErrors: async ({ errorWatch }, use) => use((pattern) => errorWatch.allow(pattern)),

  newClient: async ({ playwright, baseURL }, use) => {
    const clients: APIRequestContext[] = []
    await use(async () => {
      const extraHTTPHeaders = cameFrom(newAddress())
      const client = await playwright.request.newContext({ baseURL, extraHTTPHeaders })
      clients.push(client)
      return client
    })
    await Promise.all(clients.map((client) => client.dispose()))
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads dependencies from the pattern
  stranger: async ({}, use) => use(newAccount()),

  user: async ({ newClient }, use) => {
    const account = newAccount()
    const client = await newClient()
    await signUp(client, account)
    await post(client, "/sign-out")
    await use(account)
  },

  signedIn: async ({ page, user }, use) => {
    await signIn(page.request, user)
    await use(page)
  },

  secondBrowser: async ({ browser, user, errorWatch, contextOptions, baseURL, locale }, use) => {
    const pages: Page[] = []
    await use(async (userAgent) => {
      const extraHTTPHeaders = cameFrom(newAddress())
      const options = { ...contextOptions, baseURL, locale, extraHTTPHeaders }
      const context = await browser.newContext(userAgent ? { ...options, userAgent } : options)
      errorWatch.watch(context)
      await signIn(context.request, user)
      const page = await context.newPage()
      pages.push(page)
      return page
    })
    await Promise.all(pages.map((page) => page.context().close()))
  },
})

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

/** Holds the page as it stands against WCAG 2.2 AA, as far as a program can. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)
  expect(found, `accessibility of ${page.url()}`).toEqual([])
}
