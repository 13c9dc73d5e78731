/**
 * Which paths under `/api/auth` there are: those of Better Auth's endpoints and of its plugins', as the
 * router knows them. Asked before anything is counted or read, so that any other path costs nothing. A plugin
 * that answers in `onRequest`, at a path without an endpoint, is not found.
 */

/** Where `app/api/auth` mounts Better Auth. */
const basePath = "/api/auth"

type Endpoint = {
  path?: string
  options?: {
    method?: string | readonly string[]
    metadata?: { SERVER_ONLY?: boolean }
  }
}

type Route = { template: string; methods: readonly (string | undefined)[]; pattern: RegExp | null }

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** What matches a template that has parameters (`/callback/:id`) or wildcards, else null. */
function patternOf(template: string): RegExp | null {
  if (!/[:*]/.test(template)) return null
  const segments = template.split("/").map((segment) => {
    if (segment.startsWith("**")) return ".*"
    return segment.startsWith(":") || segment === "*" ? "[^/]+" : escaped(segment)
  })
  return new RegExp(`^${segments.join("/")}$`)
}

function routesOf(api: Record<string, Endpoint>): Route[] {
  return Object.values(api).flatMap(({ path, options }) => {
    if (!path || options?.metadata?.SERVER_ONLY) return []
    const methods = [options?.method].flat()
    return [{ template: path, methods, pattern: patternOf(path) }]
  })
}

/**
 * Answers which of an auth instance's templates a request is for, or null when there is none.
 * @param api the instance's own endpoints: what a plugin adds is known without being listed here
 */
export function knownPaths(api: object) {
  const routes = routesOf(api as Record<string, Endpoint>)
  const exact = new Map<string, Route[]>()
  for (const route of routes.filter(({ pattern }) => !pattern)) {
    exact.set(route.template, [...(exact.get(route.template) ?? []), route])
  }
  const patterns = routes.filter(({ pattern }) => pattern)

  return ({ method, url }: Pick<Request, "method" | "url">): string | null => {
    const { pathname } = new URL(url)
    if (!pathname.startsWith(`${basePath}/`)) return null
    const path = pathname.slice(basePath.length)
    const isFor = ({ methods }: Route) => methods.some((own) => own === undefined || own === method)
    const route =
      exact.get(path)?.find(isFor) ?? patterns.find((one) => isFor(one) && one.pattern?.test(path))
    return route?.template ?? null
  }
}
