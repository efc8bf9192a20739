import { assert } from '../platform/assert.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { CatalogDocument } from './catalog.contract.ts'
import { readTemplate, type TemplateSegment } from './path-template.ts'
import type { RequestPath } from './request-path.ts'
import { RouteTrie } from './route-trie.ts'

export type Upstream = CatalogDocument['upstreams'][number]
export type TrustedIssuer = CatalogDocument['trusted_issuers'][number]
type Route = CatalogDocument['routes'][number]

/** A published route with what it refers to put in place. */
export interface PublishedRoute extends Omit<Route, 'upstream' | 'authentication'> {
  readonly upstream: Upstream
  readonly takesApiKeys: boolean
  /** Issuers whose tokens open the route, our own among them or not. */
  readonly issuers: readonly string[]
}

export type RouteFailure =
  | { readonly reason: 'route_unknown' }
  | { readonly reason: 'path_ambiguous'; readonly message: string }

/** One version of the catalogue, ready to be looked things up in. It never changes. */
export class Snapshot {
  readonly version: number
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>
  readonly #tries = new Map<string, { readonly exact: Trie; readonly folded: Trie }>()

  /** `issuer` is our own, which a route means by `tokens: true`. The document is one that has no faults. */
  constructor(version: number, document: CatalogDocument, issuer: string) {
    this.version = version
    this.#issuers = new Map(document.trusted_issuers.map((trusted) => [trusted.issuer, trusted]))
    const upstreams = new Map(document.upstreams.map((upstream) => [upstream.name, upstream]))
    for (const route of document.routes) {
      const upstream = upstreams.get(route.upstream)
      assert(upstream !== undefined, `upstream of a published route is known, got ${route.upstream}`)
      this.#publish(route.path, {
        ...route,
        upstream,
        takesApiKeys: route.authentication.api_key,
        issuers: issuersOf(route, issuer),
      })
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
    if (tries.exact.overlaps && tries.folded.find(path.segments.map(foldCase)) !== route) {
      return fail({
        reason: 'path_ambiguous',
        message: 'a segment differs from a published one only in case',
      })
    }
    return ok(route)
  }

  issuer(issuer: string): TrustedIssuer | undefined {
    return this.#issuers.get(issuer)
  }

  #publish(path: string, route: PublishedRoute): void {
    const template = readTemplate(path)
    assert(template.ok, `template of a published route is valid, got ${path}`)
    const tries = this.#tries.get(route.method) ?? { exact: new RouteTrie(), folded: new RouteTrie() }
    this.#tries.set(route.method, tries)
    const twin =
      tries.exact.add(template.value, route) ?? tries.folded.add(template.value.map(foldSegment), route)
    assert(twin === undefined, `published routes differ, got ${route.method} ${path}`)
  }
}

type Trie = RouteTrie<PublishedRoute>

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
