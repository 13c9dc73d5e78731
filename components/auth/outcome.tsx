"use client"
/** What a form turns into once it is done. Takes the focus, so that it is read out as it appears. */
import { type ReactNode, useEffect, useRef } from "react"

export function Outcome({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => heading.current?.focus(), [])

  return (
    <div className="flex flex-col gap-3">
      <h1
        ref={heading}
        tabIndex={-1}
        className="font-semibold text-xl leading-7 tracking-tight outline-none"
      >
        {title}
      </h1>
      {children}
    </div>
  )
}
