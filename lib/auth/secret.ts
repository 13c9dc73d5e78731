/**
 * The secret that signs session cookies. In production it comes from the environment; a clone gets
 * one made once and kept in `DATA_DIR`, so that restarting `npm run dev` signs nobody out.
 */
import { randomBytes } from "node:crypto"
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { env } from "@/lib/env"

const newSecret = () => randomBytes(32).toString("base64")

function developmentSecret(): string {
  const file = join(env.DATA_DIR, "secret")
  const draft = `${file}.${process.pid}`
  mkdirSync(env.DATA_DIR, { recursive: true })
  if (!existsSync(file)) {
    // Written whole, then put in place unless another process was first: both read the same one.
    writeFileSync(draft, newSecret(), { mode: 0o600 })
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    } finally {
      rmSync(draft)
    }
  }
  return readFileSync(file, "utf8").trim()
}

/** The secret to sign with. A build signs nothing and leaves nothing behind. */
export function authSecret(): string {
  if (env.BETTER_AUTH_SECRET) return env.BETTER_AUTH_SECRET
  return env.isBuilding ? newSecret() : developmentSecret()
}
