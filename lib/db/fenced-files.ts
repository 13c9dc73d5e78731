/**
 * The embedded database's files, behind its lock: `check` runs before everything that changes one of
 * them, in the middle of a statement too, where a process may have stood still for an hour.
 */
import { NodeFS } from "@electric-sql/pglite/nodefs"

/** What Emscripten calls to change files; reading is left out, since there is nothing to lose. */
const writers = {
  stream_ops: ["write", "setattr", "open"],
  node_ops: ["setattr", "mknod", "rename", "unlink", "rmdir", "symlink"],
}

type Operations = Record<string, (...call: unknown[]) => unknown>

export class FencedFiles extends NodeFS {
  constructor(
    directory: string,
    private readonly check: () => void,
  ) {
    super(directory)
  }

  override async init(...call: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(...call)
    const { check } = this
    const fence = (module: { NODEFS: unknown }) => {
      const files = module.NODEFS as Record<keyof typeof writers, Operations>
      for (const [kind, names] of Object.entries(writers)) {
        const operations = files[kind as keyof typeof writers]
        for (const name of names) {
          const write = operations[name]
          // An update of PGlite that renames one must not take the fence away in silence.
          if (!write) throw new Error(`PGlite has no NODEFS.${kind}.${name} any more.`)
          operations[name] = (...args) => {
            check()
            return write(...args)
          }
        }
      }
    }
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [fence, ...(emscriptenOpts.preRun ?? [])] },
    }
  }
}
