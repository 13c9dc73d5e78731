/** Mail over SMTP (nodemailer, pooled). Knows nothing of what the mail says. */
import type { Transporter } from "nodemailer"
import type { Mail } from "./index"

const transports = new Map<string, Promise<Transporter>>()

/** One pool per server, loaded when the first mail is sent. */
function transportFor(url: string): Promise<Transporter> {
  const existing = transports.get(url)
  if (existing !== undefined) return existing
  const transport = import("nodemailer").then(({ createTransport }) =>
    createTransport({ url, pool: true, connectionTimeout: 10_000, socketTimeout: 20_000 }),
  )
  transports.set(url, transport)
  return transport
}

export async function sendBySmtp(url: string, from: string, mail: Mail): Promise<void> {
  const transport = await transportFor(url)
  await transport.sendMail({ from, ...mail })
}
