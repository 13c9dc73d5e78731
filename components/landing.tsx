"use client"
/**
 * What this starter is, in one screen: its two commands, a session list to try, and what it can
 * prove. The list is demo data and never asks the server. Part of a static page with a small
 * budget: no `cn`, no button variants, no auth client.
 */
import { ArrowUpRight, Laptop, Smartphone, Tablet } from "lucide-react"
import { useState } from "react"
import { CopyButton } from "@/components/ui/copy-button"

/** Where this starter lives; put your own copy's address here. */
const REPOSITORY_URL = "https://github.com/your-name/next-session-starter"

const commands = ["npm install && npm run dev", "npm test"]

const links = [
  { name: "Documentation", href: `${REPOSITORY_URL}/tree/main/docs` },
  { name: "GitHub", href: REPOSITORY_URL },
  {
    name: "Deploy to Vercel",
    href: `https://vercel.com/new/clone?repository-url=${encodeURIComponent(REPOSITORY_URL)}`,
  },
]

const facts = [
  {
    figure: "4 microseconds",
    text: "to know who is signed in: from a signed cookie, without a database",
    source: `${REPOSITORY_URL}/blob/main/docs/performance.md`,
  },
  {
    figure: "0 session tokens",
    text: "in any page, in any response, in any cookie a script can read",
    source: `${REPOSITORY_URL}/blob/main/e2e/tokens.spec.ts`,
  },
  {
    figure: "1.2 seconds",
    text: "until every server refuses a device that was signed out, in 99 of 100 tries",
    source: `${REPOSITORY_URL}/blob/main/docs/performance.md`,
  },
]

export function Landing() {
  return (
    <div className="mx-auto max-w-5xl px-4 sm:px-6">
      <div className="grid items-center gap-10 py-12 *:min-w-0 sm:py-16 lg:grid-cols-[1fr_27rem] lg:gap-16 lg:py-24">
        <Introduction />
        <DemoSessions />
      </div>
      <Facts />
    </div>
  )
}

function Introduction() {
  return (
    <div className="flex flex-col gap-6">
      <h1 className="font-semibold text-4xl leading-[1.1] tracking-tight sm:text-5xl">
        Sessions your users can see and end
      </h1>
      <p className="max-w-md text-pretty text-base text-muted-foreground leading-6">
        A Next.js starter where everyone can look at the devices signed in to their account and sign
        any of them out. Built on Better Auth, ready for Vercel.
      </p>
      <div className="flex items-start justify-between gap-2 rounded-lg border bg-muted p-1.5 pl-4">
        <pre className="min-w-0 whitespace-pre-wrap py-1.5 font-mono text-[13px] leading-6">
          {commands.map((command) => (
            <code key={command} className="block">
              <span aria-hidden="true" className="mr-3 select-none text-muted-foreground">
                $
              </span>
              {command}
            </code>
          ))}
        </pre>
        <CopyButton text={commands.join("\n")} label="Copy the two commands" />
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <a
          href="/sign-up"
          className="flex h-10 w-full items-center justify-center rounded-md bg-primary px-4 font-medium text-primary-foreground transition-colors hover:bg-primary/88 sm:w-auto md:h-9"
        >
          Create an account
        </a>
        {links.map(({ name, href }) => (
          <a
            key={name}
            href={href}
            className="flex min-h-10 items-center rounded-sm text-muted-foreground transition-colors hover:text-foreground md:min-h-9"
          >
            {name}
          </a>
        ))}
      </div>
    </div>
  )
}

const demoSessions = [
  { label: "Chrome on macOS", place: "Paris, FR", active: "Active now", icon: Laptop },
  { label: "Safari on iPhone", place: "Lyon, FR", active: "Active 2 hours ago", icon: Smartphone },
  { label: "Firefox on Linux", place: "Berlin, DE", active: "Active yesterday", icon: Laptop },
  { label: "Safari on iPad", place: "Lisbon, PT", active: "Active 6 days ago", icon: Tablet },
]

function DemoSessions() {
  const [ended, setEnded] = useState<string[]>([])
  const sessions = demoSessions.filter(({ label }) => !ended.includes(label))

  return (
    <section aria-labelledby="demo-title" className="rounded-lg border bg-card">
      <div className="flex items-center justify-between gap-4 border-b px-4 py-3">
        <h2 id="demo-title" className="font-semibold">
          Active sessions
        </h2>
        <span className="rounded-full border px-2 text-muted-foreground text-xs leading-4.5">
          Demo data
        </span>
      </div>
      <ul className="min-h-72 divide-y">
        {sessions.map(({ label, place, active, icon: Icon }, at) => (
          <li key={label} className="flex h-18 items-center gap-3 px-4">
            <Icon
              aria-hidden="true"
              className="size-5 shrink-0 text-muted-foreground"
              strokeWidth={1.5}
            />
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{label}</p>
              <p className="truncate text-muted-foreground text-xs leading-4.5">
                {place} · {active}
              </p>
            </div>
            {at === 0 ? (
              <span className="rounded-full bg-brand-subtle px-2 font-medium text-brand text-xs leading-5">
                This device
              </span>
            ) : (
              <button
                type="button"
                aria-label={`Sign out ${label}`}
                onClick={() => setEnded([...ended, label])}
                className="h-10 rounded-md border px-3 font-medium text-destructive transition-colors hover:bg-destructive/8 md:h-8"
              >
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      <div className="flex min-h-12 items-center justify-between gap-4 border-t px-4 text-muted-foreground text-xs">
        <p role="status">
          {ended.length === 0 ? "Try it: sign one of them out." : `${ended.at(-1)} is signed out.`}
        </p>
        {ended.length > 0 && (
          <button
            type="button"
            onClick={() => setEnded([])}
            className="min-h-10 rounded-sm font-medium text-foreground underline-offset-4 hover:underline md:min-h-8"
          >
            Start over
          </button>
        )}
      </div>
    </section>
  )
}

function Facts() {
  return (
    <dl className="grid gap-8 border-t py-10 sm:grid-cols-3">
      {facts.map(({ figure, text, source }) => (
        <div key={text} className="flex flex-col gap-1">
          <dt className="font-semibold text-xl leading-7 tracking-tight">{figure}</dt>
          <dd className="max-w-64 text-pretty text-muted-foreground">{text}</dd>
          <dd>
            <a
              href={source}
              className="inline-flex min-h-10 items-center gap-1 rounded-sm font-medium underline-offset-4 hover:underline md:min-h-6"
            >
              How it is measured
              <span className="sr-only">: {figure}</span>
              <ArrowUpRight aria-hidden="true" className="size-3.5" />
            </a>
          </dd>
        </div>
      ))}
    </dl>
  )
}
