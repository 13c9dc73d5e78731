"use client"
/**
 * A moment as people say it ("3 minutes ago"), the exact time on hover, kept up to date. Its first
 * render uses the server's clock, so that hydration finds the words the server wrote.
 */
import { useSyncExternalStore } from "react"
import { exactTime, relativeTime } from "@/lib/time"

const tickMilliseconds = 30_000

// One timer for the page, however many moments it shows.
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const notify of listeners) notify()
  }, tickMilliseconds)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const currentTick = () => Math.floor(Date.now() / tickMilliseconds) * tickMilliseconds

export function TimeAgo({
  date,
  serverNow,
  children,
}: {
  date: Date | string
  serverNow: number
  /** Words to show instead of the relative time, which then only dates them. */
  children?: string
}) {
  const now = useSyncExternalStore(subscribe, currentTick, () => serverNow)
  const moment = new Date(date)
  return (
    <time dateTime={moment.toISOString()} title={exactTime(moment)} className="whitespace-nowrap">
      {children ?? relativeTime(moment, new Date(now))}
    </time>
  )
}
