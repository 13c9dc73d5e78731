"use client"
/** How long it is until a moment, or how long ago it was, to the second and ticking. */
import { useSyncExternalStore } from "react"

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, 1_000)
  return () => clearInterval(timer)
}

/** 93784 -> "1 d 2 h 3 min 4 s". */
function inWords(seconds: number): string {
  const parts: [size: number, unit: string][] = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ]
  const words = parts.map(([size, unit], at) => {
    const larger = parts[at - 1]?.[0]
    const count = Math.floor((larger ? seconds % larger : seconds) / size)
    return count > 0 ? `${count} ${unit}` : ""
  })
  return words.filter(Boolean).slice(0, 3).join(" ") || "now"
}

export function Countdown({ date, serverNow }: { date: Date | string; serverNow: number }) {
  const now = useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / 1000),
    () => Math.floor(serverNow / 1000),
  )
  const moment = new Date(date)
  const seconds = Math.round(moment.getTime() / 1000) - now
  const text =
    seconds > 0 ? `in ${inWords(seconds)}` : seconds === 0 ? "now" : `${inWords(-seconds)} ago`
  return (
    <time dateTime={moment.toISOString()} title={moment.toISOString()}>
      {text}
    </time>
  )
}
