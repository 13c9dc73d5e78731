/**
 * Imported first by what runs outside Next: `.env` files count there as they do in `npm run dev`, or a
 * command would quietly work on another database than the app.
 */
import { createRequire } from "node:module"
import { join } from "node:path"

// Required, not imported: it is CommonJS, and tsx and drizzle-kit disagree on what it then exports.
const require = createRequire(join(process.cwd(), "package.json"))
const { loadEnvConfig } = require("@next/env") as typeof import("@next/env")

loadEnvConfig(process.cwd(), process.env.NODE_ENV !== "production")
