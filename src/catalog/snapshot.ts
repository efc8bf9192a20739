import { assert } from '../platform/assert.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { CatalogDocument } from './catalog.contract.ts'
import { splitTemplate, type TemplateSegment } from './path-template.ts'
import { PublishedResources, type PublishedResource } from './published-resources.ts'
import type { RequestPath } from './request-path.ts'
import { RouteTrie } from './route-trie.ts'
import { strictest, type StepUp } from './step-up.ts'

export type Upstream = CatalogDocument['upstreams'][number]
export type TrustedIssuer = CatalogDocument['trusted_issuers'][number]
type Route = CatalogDocument['routes'][number]

/** A published route with what it refers to put in place. */
export interface PublishedRoute extends Omit<
  Route,
  'upstream' | 'authentication' | 'acr_values' | 'max_age'
> {
  readonly upstream: Upstream
  readonly takesApiKeys: boolean
  /** Issuers whose tokens open the route, our own among them or not. */
  readonly issuers: readonly string[]
  /** The API that it belongs to; our tokens open it only if they are for that one. */
  readonly resource: PublishedResource | undefined
  readonly stepUp: StepUp | undefined
}

export type RouteFailure =
  | { readonly reason: 'route_unknown' }
  | { readonly reason: 'path_ambiguous'; readonly message: string }

/** One version of the catalogue, ready to be looked things up in. It never changes. */
export class Snapshot {
  readonly version: number
  readonly resources: PublishedResources
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>
  readonly #tries = new Map<string, { readonly exact: Trie; readonly folded: Trie | undefined }>()

  /** `issuer` is our own, which a route means by `tokens: true`. The document is one that has no faults. */
  constructor(version: number, document: CatalogDocument, issuer: string) {
    this.version = version
    this.#issuers = new Map(document.trusted_issuers.map((trusted) => [trusted.issuer, trusted]))
    this.resources = new PublishedResources(document.resources, issuer)
    const upstreams = new Map(document.upstreams.map((upstream) => [upstream.name, upstream]))
    const published = document.routes.map((route) => ({
      ...toPublished(route, upstreams, issuer),
      ...this.#ofResource(route),
    }))
    for (const [method, routes] of Map.groupBy(published, (route) => route.method)) {
      const exact = buildTrie(routes, (segment) => segment)
      this.#tries.set(method, { exact, folded: exact.overlaps ? buildTrie(routes, foldSegment) : undefined })
    }
  }

  /**
   * Finds the route for a request.
   *
   * Some upstreams ignore the case of a path. Where `/users/admin` and `/users/{id}` are both published,
   * `/users/ADMIN` would pass as a user here and be the other route there, so it is refused.
   */
  match(method: string, path: RequestPath): Result<PublishedRoute, RouteFailure> {
    const tries = this.#tries.get(method === 'HEAD' ? 'GET' : method)
    const route = tries?.exact.find(path.segments)
    if (tries === undefined || route === undefined) return fail({ reason: 'route_unknown' })
    if (tries.folded !== undefined && tries.folded.find(path.segments.map(foldCase)) !== route) {
      return fail({
        reason: 'path_ambiguous',
        message: 'a segment differs from a published one only in case',
      })
    }
    return ok(route)
  }

  #ofResource(route: Route): Pick<PublishedRoute, 'resource' | 'stepUp'> {
    const resource = this.resources.above(route.path)
    return { resource, stepUp: strictest([route, ...(resource === undefined ? [] : [resource])]) }
  }

  issuer(issuer: string): TrustedIssuer | undefined {
    return this.#issuers.get(issuer)
  }
}

type Trie = RouteTrie<PublishedRoute>

function buildTrie(
  routes: readonly PublishedRoute[],
  toKey: (segment: TemplateSegment) => TemplateSegment,
): Trie {
  const trie: Trie = new RouteTrie()
  for (const route of routes) {
    const twin = trie.add(splitTemplate(route.path).map(toKey), route)
    assert(twin === undefined, `published routes differ, got ${route.method} ${route.path} twice`)
  }
  return trie
}

function toPublished(
  route: Route,
  upstreams: ReadonlyMap<string, Upstream>,
  issuer: string,
): Omit<PublishedRoute, 'resource' | 'stepUp'> {
  const upstream = upstreams.get(route.upstream)
  assert(upstream !== undefined, `upstream of a published route is known, got ${route.upstream}`)
  const takesApiKeys = route.authentication.api_key
  return { ...route, upstream, takesApiKeys, issuers: issuersOf(route, issuer) }
}

function issuersOf({ authentication: { tokens } }: Route, issuer: string): readonly string[] {
  if (typeof tokens === 'boolean') return tokens ? [issuer] : []
  return tokens
}

/** Two routes that differ only in case are one to some upstreams, and are refused when they are published. */
export function foldSegment(segment: TemplateSegment): TemplateSegment {
  return segment.kind === 'literal' ? { kind: 'literal', text: foldCase(segment.text) } : segment
}

function foldCase(text: string): string {
  return text.toLowerCase()
}
