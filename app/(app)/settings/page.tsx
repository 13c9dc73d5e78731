/** The settings have no page of their own; the first of their parts stands for them. */
import { redirect } from "next/navigation"

export default function SettingsPage() {
  redirect("/settings/profile")
}
