/** What load balancers ask. */
import { expect, test } from "./fixtures"

test("/api/health says that the server can do its work", async ({ request }) => {
  const response = await request.get("/api/health")
  expect(response.status()).toBe(200)
  expect(await response.text()).toBe('{"status":"ok"}')
  expect(response.headers()["cache-control"]).toContain("no-store")
})
