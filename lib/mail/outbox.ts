/**
 * The outbox: where mail lands while no SMTP server is set, one JSON file per mail under `DATA_DIR`.
 * It holds links that reset passwords, so it is readable by this user only and shown in development only.
 */
import { randomUUID } from "node:crypto"
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { env } from "@/lib/env"
import type { Mail } from "./index"

export type OutboxMail = Mail & { id: string; sentAt: string }

const directory = join(env.DATA_DIR, "outbox")

export async function saveToOutbox(mail: Mail): Promise<void> {
  const sentAt = new Date().toISOString()
  const id = `${sentAt.replace(/\D/g, "")}-${randomUUID().slice(0, 8)}`
  const saved: OutboxMail = { id, sentAt, ...mail }
  await mkdir(directory, { recursive: true, mode: 0o700 })
  // There once it is whole: a reader, or a crash, must not meet half a mail.
  const part = join(env.DATA_DIR, `mail-${id}.part`)
  await writeFile(part, JSON.stringify(saved, null, 2), { mode: 0o600 })
  await rename(part, join(directory, `${id}.json`))
}

/** The latest mails, newest first, at most 100. */
export async function listOutbox(): Promise<OutboxMail[]> {
  const files = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []
    throw error
  })
  const newest = files
    .filter((file) => file.endsWith(".json"))
    .sort()
    .reverse()
    .slice(0, 100)
  return Promise.all(
    newest.map(async (file) => JSON.parse(await readFile(join(directory, file), "utf8"))),
  )
}
