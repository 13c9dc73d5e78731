/** Terms and what is known of them, in one card. For developers, so exact rather than pretty. */
import type { ReactNode } from "react"
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card"

export function FactsCard(props: {
  id: string
  title: string
  description: string
  facts: Readonly<Record<string, ReactNode>>
  children?: ReactNode
}) {
  const { id, title, description, facts, children } = props
  return (
    <Card aria-labelledby={id}>
      <CardHeader>
        <CardTitle id={id}>{title}</CardTitle>
        <CardDescription>{description}</CardDescription>
      </CardHeader>
      <CardContent>
        <dl className="divide-y border-y">
          {Object.entries(facts).map(([term, value]) => (
            <div key={term} className="flex flex-wrap items-baseline gap-x-4 py-2">
              <dt className="wrap-anywhere w-full font-mono text-[13px] sm:w-56">{term}</dt>
              <dd className="wrap-anywhere min-w-0 flex-1">{value}</dd>
            </div>
          ))}
        </dl>
        {children}
      </CardContent>
    </Card>
  )
}
