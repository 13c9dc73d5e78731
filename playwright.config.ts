/**
 * End-to-end tests, one journey a file. `npm run test:e2e` builds the app, serves it and says where
 * through `E2E_URL`; nothing here starts a server, so a test never meets a stale one.
 */
import { defineConfig, devices } from "@playwright/test"

const url = process.env.E2E_URL
if (!url) throw new Error("Run: npm run test:e2e (what follows `--` goes to Playwright).")

const isRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [
    ["list"],
    ["json", { outputFile: process.env.E2E_REPORT ?? "test-results/report.json" }],
  ],
  use: {
    baseURL: url,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    locale: "en-US",
    timezoneId: "UTC",
  },
  projects: [
    {
      name: "chromium",
      use: {
        ...devices["Desktop Chrome"],
        launchOptions: {
          executablePath: process.env.CHROMIUM_PATH || undefined,
          args: [
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            ...(isRoot ? ["--no-sandbox"] : []),
          ],
        },
      },
    },
  ],
})
