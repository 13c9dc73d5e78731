/** Prints the path of the Chromium that the end-to-end tests use, installing one if there is none. */
import { ensureBrowser } from "./lib/browser"
import { runMain } from "./lib/process"

await runMain(async () => {
  console.log(await ensureBrowser())
  return 0
})
