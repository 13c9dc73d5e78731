/** Unit and integration tests, which stand next to the code. They must never touch `.data/`. */
import { rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const root = fileURLToPath(new URL(".", import.meta.url))
const dataDir = join(tmpdir(), `next-session-starter-unit-${process.pid}`)
process.once("exit", () => rmSync(dataDir, { recursive: true, force: true }))

export default defineConfig({
  resolve: {
    alias: [
      // What `server-only` resolves to inside React server components: nothing.
      { find: /^server-only$/, replacement: join(root, "node_modules/server-only/empty.js") },
      { find: /^@\//, replacement: root },
    ],
  },
  test: {
    environment: "node",
    include: ["{app,components,docs,drizzle,lib,scripts}/**/*.test.{ts,tsx}", "*.test.ts"],
    env: { DATA_DIR: process.env.DATA_DIR || dataDir },
    setupFiles: ["lib/testing/setup.ts"],
    // Opening an embedded database takes seconds on a small machine that runs two at once.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // The activity's own lines, which the tests that are about them look at themselves.
    onConsoleLog: (text) => !text.startsWith('{"event":'),
    restoreMocks: true,
    unstubEnvs: true,
  },
})
