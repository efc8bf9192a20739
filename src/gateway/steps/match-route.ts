import { readPath, type PathFailure } from '../../catalog/request-path.ts'
import type { PublishedRoute, RouteFailure, Snapshot } from '../../catalog/snapshot.ts'
import type { HttpContext } from '../../http/context.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { preflightMethod } from './cross-origin.ts'

export interface MatchedRoute {
  readonly route: PublishedRoute
  /** Path and query as they go to the upstream. */
  readonly target: string
}

/** Finds the published operation; for a preflight, the one that the browser asks about. */
export function matchRoute(
  c: HttpContext,
  snapshot: Snapshot,
): Result<MatchedRoute, RouteFailure | PathFailure> {
  const { path: rawPath, query } = splitTarget(c.req.raw.url)
  const path = readPath(rawPath)
  if (!path.ok) return path
  const route = snapshot.match(preflightMethod(c.req.raw) ?? c.req.method, path.value)
  return route.ok ? ok({ route: route.value, target: path.value.canonical + query }) : fail(route.failure)
}

/**
 * Splits the address as it came. A parsed URL would have resolved dots and dropped characters already, and
 * would hide from us what the caller really sent.
 */
function splitTarget(url: string): { readonly path: string; readonly query: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return { path: '/', query: '' }
  const end = url.indexOf('?', start)
  return end === -1
    ? { path: url.slice(start), query: '' }
    : { path: url.slice(start, end), query: url.slice(end) }
}
