/** For a scheduler (`vercel.json` has one): deletes what has expired. Self-hosted servers do it themselves. */
import { handleCleanup } from "@/lib/cron"

export const dynamic = "force-dynamic"
/** Seconds; the work stops by itself before. */
export const maxDuration = 60

export const GET = (request: Request): Promise<Response> => handleCleanup(request)
