/** Devices by name, for a question about them: up to five, and how many more. */
import type { SessionListItem } from "@/lib/sessions/view"
import { sessionName } from "./session-words"

const namedAtMost = 5

export function SessionNames({ sessions }: { sessions: SessionListItem[] }) {
  // One more is named rather than counted: "and 1 more" saves no room.
  const named = sessions.length === namedAtMost + 1 ? sessions : sessions.slice(0, namedAtMost)
  const unnamed = sessions.length - named.length
  return (
    <ul className="flex flex-col gap-1.5 rounded-md border bg-muted px-4 py-3">
      {named.map((session) => (
        <li key={session.id} className="wrap-anywhere">
          {sessionName(session)}
        </li>
      ))}
      {unnamed > 0 && <li className="text-muted-foreground">and {unnamed} more</li>}
    </ul>
  )
}
