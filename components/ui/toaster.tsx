"use client"
/** Where short messages appear: sonner in our colours. Call `toast` from "sonner" to show one. */
import { useTheme } from "next-themes"
import type { CSSProperties } from "react"
import { Toaster as Sonner, type ToasterProps } from "sonner"

const look = {
  fontFamily: "inherit",
  "--normal-bg": "var(--popover)",
  "--normal-text": "var(--popover-foreground)",
  "--normal-border": "var(--border)",
  "--border-radius": "var(--radius)",
} as CSSProperties

export function Toaster(props: ToasterProps) {
  const { theme = "system" } = useTheme()
  return <Sonner theme={theme as ToasterProps["theme"]} style={look} {...props} />
}
