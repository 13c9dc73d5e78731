/** The example route handler: who is signed in. Copy it for handlers of your own. */
import { withSession } from "@/lib/session"

export const GET = withSession((_request, { user }) => Response.json({ user }))
