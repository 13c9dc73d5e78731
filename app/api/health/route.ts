/** For load balancers: 200 while the database answers, else 503. */
import { isHealthy } from "@/lib/health"

export const dynamic = "force-dynamic"

export async function GET(): Promise<Response> {
  const healthy = await isHealthy()
  return Response.json(
    { status: healthy ? "ok" : "unavailable" },
    { status: healthy ? 200 : 503, headers: { "Cache-Control": "no-store" } },
  )
}
