import { renderToStaticMarkup } from "react-dom/server"
import { describe, expect, it } from "vitest"
import { ActivityCard } from "./activity-card"

const render = (props: Omit<Parameters<typeof ActivityCard>[0], "serverNow">) =>
  renderToStaticMarkup(<ActivityCard {...props} serverNow={0} />)

const empty = { items: [], newer: null, older: null }

describe("ActivityCard", () => {
  it("says that it could not be loaded, never that nothing happened", () => {
    const html = render({ query: { filter: "account", before: 12 }, page: null })
    expect(html).toContain('role="alert"')
    expect(html).toContain("could not be loaded just now")
    expect(html).toContain('href="/settings/security/activity?show=account&amp;before=12"')
    expect(html).not.toMatch(/Nothing has been|has been changed|recorded/)
  })

  it("has words of its own for each part in which nothing happened, and no pages then", () => {
    const filters = ["all", "sign-ins", "sign-outs", "account"] as const
    const said = filters.map((filter) => render({ query: { filter }, page: empty }))
    const sentences = said.map((html) => html.match(/text-center[^>]*>([^<]+)</)?.[1])
    expect(new Set(sentences).size).toBe(filters.length)
    for (const html of said) expect(html).not.toContain('aria-label="Pages"')
  })

  it("leads from an empty page back to where there is something, in the same part", () => {
    const page = { items: [], newer: 7, older: null }
    const html = render({ query: { filter: "sign-ins", before: 8 }, page })
    expect(html).toContain("There is nothing on this page.")
    expect(html).toContain('href="/settings/security/activity?show=sign-ins&amp;after=7"')
  })

  it("marks the part that is shown", () => {
    const html = render({ query: { filter: "sign-outs" }, page: empty })
    expect(html.match(/<a[^>]*aria-current="page"[^>]*>([^<]+)</)?.[1]).toBe("Sign-outs")
    expect(html.match(/aria-current/g)).toHaveLength(1)
  })
})
