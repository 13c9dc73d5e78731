/** The mail the server sent, read from its outbox: `DATA_DIR` is the server's own. */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { expect } from "@playwright/test"

type Mail = { to: string; subject: string; text: string }

const outbox = join(process.env.DATA_DIR ?? "", "outbox")

/** A mail, or null while the server is still writing it. */
async function readMail(file: string): Promise<Mail | null> {
  try {
    return JSON.parse(await readFile(join(outbox, file), "utf8"))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** All mails to `address` so far, oldest first. */
export async function mailsTo(address: string): Promise<Mail[]> {
  const files = await readdir(outbox).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []
    throw error
  })
  const mails = await Promise.all(files.sort().map(readMail))
  return mails.filter((mail) => mail !== null).filter(({ to }) => to === address)
}

/** The link in the latest mail to `address` with `subject`; mails leave after the answer, so it waits. */
export async function linkInMail(address: string, subject: string): Promise<string> {
  let link: string | undefined
  const find = async () => {
    const mails = (await mailsTo(address)).filter((mail) => mail.subject === subject)
    link = mails.at(-1)?.text.match(/^https?:\/\/\S+$/m)?.[0]
    return link
  }
  await expect.poll(find, `a mail "${subject}" to ${address}`).toBeTruthy()
  return link ?? ""
}
