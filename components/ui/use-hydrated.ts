"use client"
/** Whether React has taken over this page. False in the server's HTML, so that both agree at first. */
import { useSyncExternalStore } from "react"

const subscribe = () => () => {}

export function useHydrated(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  )
}
