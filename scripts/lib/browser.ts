/**
 * Finds the Chromium that end-to-end tests drive, or installs one. It never replaces a browser that
 * is there, and says in one line what it does.
 */
import { accessSync, constants, existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { chromium } from "@playwright/test"
import { run } from "./process"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/** Where browsers live that are not on the PATH. */
const usualPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ...[process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe")),
]

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

/** The path of a Chromium on this machine, or undefined. `CHROMIUM_PATH` decides when it is set. */
function findBrowser(): string | undefined {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen) {
    if (isExecutable(chosen)) return chosen
    throw new Error(`CHROMIUM_PATH is ${chosen}, which is not a program.`)
  }
  const systemBrowser = names.map(onPath).find((path) => path !== undefined)
  const own = chromium.executablePath()
  return systemBrowser ?? usualPlaces.find(isExecutable) ?? (existsSync(own) ? own : undefined)
}

/**
 * The path of a Chromium, installed first if there is none.
 * @throws with what to do when none can be had
 */
export async function ensureBrowser(): Promise<string> {
  const found = findBrowser()
  if (found) {
    console.error(`Browser: ${found}`)
    return found
  }
  console.error("Browser: none found, running: npx playwright install chromium")
  const playwright = "node_modules/@playwright/test/cli.js"
  await run(process.execPath, [playwright, "install", "chromium"])
  const downloaded = findBrowser()
  if (downloaded) return downloaded

  if (onPath("apt-get")) {
    console.error("Browser: download refused, running: apt-get install -y chromium")
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
    const updated = await run("apt-get", ["update", "-qq"], env)
    if (updated === 0) await run("apt-get", ["install", "-y", "-qq", "chromium"], env)
  }
  const installed = findBrowser()
  if (installed) return installed
  throw new Error("No Chromium: install one, or set CHROMIUM_PATH to where it is.")
}
