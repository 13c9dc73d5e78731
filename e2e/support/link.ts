/** A network between a server and its database that a spec can cut, stall and mend. */
import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"

export class Link {
  #server: Server | undefined
  #sockets = new Set<Socket>()
  #stalled = false

  /** How much longer than it is the way to the database takes, in milliseconds. */
  latency = 0

  private constructor(
    readonly target: URL,
    readonly port: number,
  ) {}

  /** Listens on `port` and forwards to the database at `url`. */
  static async open(url: string, port: number): Promise<Link> {
    const link = new Link(new URL(url), port)
    await link.mend()
    return link
  }

  /** The database's address through this link. */
  get url(): string {
    const url = new URL(this.target)
    url.host = `127.0.0.1:${this.port}`
    return url.href
  }

  /** Refuses new connections and drops those there are. */
  async cut(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const closed = server && once(server, "close")
    server?.close()
    this.#drop()
    await closed
  }

  /** Accepts everything and forwards nothing, as a lost route does. */
  stall(): void {
    this.#stalled = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** Forwards again; what was stalled is dropped. */
  async mend(): Promise<void> {
    this.#stalled = false
    this.#drop()
    if (this.#server) return
    this.#server = createServer((client) => this.#forward(client)).listen(this.port, "127.0.0.1")
    await once(this.#server, "listening")
  }

  #drop(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
  }

  #forward(client: Socket): void {
    this.#add(client)
    if (this.#stalled) {
      client.pause()
      return
    }
    const upstream = connect(Number(this.target.port || 5432), this.target.hostname)
    this.#add(upstream)
    if (this.latency === 0) client.pipe(upstream)
    else client.on("data", (chunk) => setTimeout(() => upstream.write(chunk), this.latency))
    upstream.pipe(client)
    client.on("close", () => upstream.destroy())
    upstream.on("close", () => client.destroy())
  }

  #add(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on("error", () => socket.destroy())
    socket.on("close", () => this.#sockets.delete(socket))
  }
}
