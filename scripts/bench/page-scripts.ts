/** Which scripts a page's HTML names, and what they weigh on the wire. */
import { gzipSync } from "node:zlib"

/**
 * The address of every `<script src>` and every preloaded script, each once. `noModule` scripts are
 * left out: no browser of the last years loads them.
 */
export function scriptAddresses(html: string): string[] {
  const addresses = new Set<string>()
  for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/gi)) {
    const address = tag.match(/\b(?:src|href)="([^"]+)"/i)?.[1]
    const isScript = /^<script/i.test(tag)
    const isPreload = /\brel="modulepreload"/i.test(tag) || /\bas="script"/i.test(tag)
    const isLegacy = /\bnomodule\b/i.test(tag)
    if (address && (isScript || isPreload) && !isLegacy)
      addresses.add(address.replaceAll("&amp;", "&"))
  }
  return [...addresses]
}

async function fetchOk(url: string, cookie: string): Promise<Response> {
  const response = await fetch(url, { headers: cookie ? { cookie } : {}, redirect: "manual" })
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`)
  return response
}

/** The gzipped size of all scripts the page at `url` names, together and one by one. */
export async function scriptBytes(url: string, cookie = "") {
  const html = await (await fetchOk(url, cookie)).text()
  const scripts: { address: string; bytes: number }[] = []
  for (const address of scriptAddresses(html)) {
    const script = await fetchOk(new URL(address, url).href, cookie)
    const bytes = gzipSync(Buffer.from(await script.arrayBuffer()), { level: 9 }).length
    scripts.push({ address, bytes })
  }
  if (scripts.length === 0) throw new Error(`${url} names no script: nothing was measured.`)
  return { total: scripts.reduce((sum, { bytes }) => sum + bytes, 0), scripts }
}
