/** The proxy of the deployment guide: nginx with the guide's own lines, in front of a server of a spec. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { expect } from "@playwright/test"
import { newDataDir } from "./server"

/** Where `program` is, also where only an administrator's PATH leads, or null. */
function find(program: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter)
  const usual = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"]
  const paths = [...folders, ...usual].map((folder) => join(folder, program))
  return paths.find((path) => existsSync(path)) ?? null
}

/** Why there is no nginx to test with, or null. */
export function whyNoNginx(): string | null {
  const missing = ["nginx", "openssl"].filter((program) => find(program) === null)
  return missing.length > 0 ? `${missing.join(" and ")} is not installed` : null
}

/** The server block of the guide, with the places of this machine in it. */
function serverBlock(replacements: [string, string][]): string {
  const guide = readFileSync("docs/deploy.md", "utf8")
  const block = /^```nginx\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? ""
  return replacements.reduce((text, [from, to]) => {
    expect(text, "the guide's nginx block").toContain(from)
    return text.replace(from, to)
  }, block)
}

export class Nginx {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly log: string,
  ) {}

  /** Starts nginx on `port` in front of `target`; with `ownBuffers`, without the guide's buffer sizes. */
  static async start(port: number, target: string, ownBuffers: boolean): Promise<Nginx> {
    const folder = newDataDir()
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")]
    const subject = ["-subj", "/CN=localhost", "-days", "2"]
    execFileSync(
      find("openssl") ?? "",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        key,
        "-out",
        certificate,
        ...subject,
      ],
      { stdio: "ignore" },
    )
    const server = serverBlock([
      ["listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`],
      ["app.example.com;", "localhost;"],
      ["/etc/ssl/app.example.com.pem", certificate],
      ["/etc/ssl/app.example.com.key", key],
      ["http://127.0.0.1:3000", target],
      ...(ownBuffers
        ? ([
            ["proxy_buffer_size 16k;", ""],
            ["proxy_buffers 8 16k;", ""],
          ] as [string, string][])
        : []),
    ])
    const log = join(folder, "error.log")
    const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((name) => `${name}_temp_path ${join(folder, name)};`)
      .join(" ")
    const config = join(folder, "nginx.conf")
    writeFileSync(
      config,
      `daemon off; pid ${join(folder, "pid")}; error_log ${log};
      events {}
      http { access_log off; ${places}
      ${server} }`,
    )
    const child = spawn(find("nginx") ?? "", ["-c", config, "-e", log], { stdio: "inherit" })
    const nginx = new Nginx(`https://localhost:${port}`, child, log)
    const listens = () => child.exitCode !== null || existsSync(join(folder, "pid"))
    await expect.poll(listens).toBe(true)
    expect(child.exitCode, nginx.errors()).toBeNull()
    return nginx
  }

  /** What nginx complained of. */
  errors(): string {
    return existsSync(this.log) ? readFileSync(this.log, "utf8") : ""
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return
    this.process.kill("SIGTERM")
    await once(this.process, "exit")
  }
}
