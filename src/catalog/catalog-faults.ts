import type { Fault } from '../http/refusal.ts'
import type { CatalogDocument } from './catalog.contract.ts'
import { readTemplate } from './path-template.ts'
import { resourceFault, stepUpFault } from './resource-faults.ts'
import { PublishedResources } from './published-resources.ts'
import { RouteTrie } from './route-trie.ts'
import { foldSegment } from './snapshot.ts'
import { addressFault, originFault, type AddressRules } from './upstream-address.ts'

/**
 * Lists what is wrong with a catalogue whose shape is right: names that lead nowhere, addresses that must not
 * be called, routes that could not be told apart.
 *
 * All of it, because whoever mends one fault at a time publishes in between.
 */
export function catalogFaults(document: CatalogDocument, rules: AddressRules): readonly Fault[] {
  const { upstreams, trusted_issuers, routes, plans, resources } = document
  const published = new PublishedResources(resources, rules.issuer)
  const known: Known = {
    upstreams: new Set(upstreams.map(({ name }) => name)),
    issuers: new Set([rules.issuer, ...trusted_issuers.map(({ issuer }) => issuer)]),
  }
  return [
    ...repeated(
      upstreams.map(({ name }) => name),
      'upstreams',
      'name',
    ),
    ...repeated(
      plans.map(({ name }) => name),
      'plans',
      'name',
    ),
    ...repeated(
      trusted_issuers.map(({ issuer }) => issuer),
      'trusted_issuers',
      'issuer',
    ),
    ...upstreams.flatMap(({ origin }, at) => toFaults(originFault(origin, rules), `upstreams/${at}/origin`)),
    ...trusted_issuers.flatMap((trusted, at) => issuerFaults(trusted, `trusted_issuers/${at}`, rules)),
    ...routes.flatMap((route, at) => routeFaults(route, `routes/${at}`, known)),
    ...equalRoutes(routes),
    ...repeated(
      resources.map(({ resource }) => resource),
      'resources',
      'resource',
    ),
    ...resources.flatMap((resource, at) =>
      toFaults(resourceFault(resource, document, rules.issuer), `resources/${at}/resource`),
    ),
    ...routes.flatMap((route, at) =>
      toFaults(stepUpFault(route, published, rules.issuer), `routes/${at}/authentication`),
    ),
  ]
}

/** Plans that somebody is on and that the document takes away: who is on them would silently have other limits. */
export function removedPlanFaults(
  document: CatalogDocument,
  plansInUse: readonly string[],
): readonly Fault[] {
  const kept = new Set(document.plans.map(({ name }) => name))
  return plansInUse
    .filter((name) => !kept.has(name))
    .flatMap((name) => toFaults(`the plan ${name} is in use and must stay`, 'plans'))
}

/** Names that a route may refer to. */
interface Known {
  readonly upstreams: ReadonlySet<string>
  readonly issuers: ReadonlySet<string>
}

function issuerFaults(
  trusted: CatalogDocument['trusted_issuers'][number],
  at: string,
  rules: AddressRules,
): readonly Fault[] {
  const own =
    trusted.issuer === rules.issuer ? 'must not be this gateway, which is trusted already' : undefined
  return [
    ...toFaults(own, `${at}/issuer`),
    ...toFaults(addressFault(trusted.jwks_uri, rules), `${at}/jwks_uri`),
  ]
}

function routeFaults(route: CatalogDocument['routes'][number], at: string, known: Known): readonly Fault[] {
  const { api_key, tokens } = route.authentication
  const template = readTemplate(route.path)
  const upstream = known.upstreams.has(route.upstream) ? undefined : `no upstream is named ${route.upstream}`
  const isPublicWithScopes = route.scopes.length > 0 && !api_key && tokens === false
  const scopes = isPublicWithScopes ? 'nobody has a scope where no credential is taken' : undefined
  return [
    ...toFaults(template.ok ? undefined : template.failure.message, `${at}/path`),
    ...toFaults(upstream, `${at}/upstream`),
    ...toFaults(scopes, `${at}/scopes`),
    ...(typeof tokens === 'boolean' ? [] : tokens).flatMap((issuer, index) =>
      toFaults(
        known.issuers.has(issuer) ? undefined : 'is not a trusted issuer',
        `${at}/authentication/tokens/${index}`,
      ),
    ),
    ...route.allowed_origins.flatMap((origin, index) =>
      toFaults(pageOriginFault(origin, route.allowed_origins), `${at}/allowed_origins/${index}`),
    ),
  ]
}

/** The browser sends an origin in one form only, and it is compared as text. */
function pageOriginFault(origin: string, all: readonly string[]): string | undefined {
  if (origin === '*') return all.length === 1 ? undefined : 'must stand alone'
  const url = URL.parse(origin)
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  return isWeb && url.origin === origin
    ? undefined
    : 'must be an origin as browsers send it, https://host[:port]'
}

/** Equal are routes of one method whose templates take the same paths, whatever their parameters are called. */
function equalRoutes(routes: CatalogDocument['routes']): readonly Fault[] {
  const tries = new Map<string, { readonly exact: RouteTrie<number>; readonly folded: RouteTrie<number> }>()
  return routes.flatMap(({ method, path }, at) => {
    const template = readTemplate(path)
    if (!template.ok) return []
    const { exact, folded } = tries.get(method) ?? { exact: new RouteTrie(), folded: new RouteTrie() }
    tries.set(method, { exact, folded })
    const twin = exact.add(template.value, at)
    const nearTwin = folded.add(template.value.map(foldSegment), at)
    if (twin !== undefined)
      return toFaults(`takes the same requests as /body/routes/${twin}`, `routes/${at}/path`)
    return nearTwin === undefined
      ? []
      : toFaults(`differs from /body/routes/${nearTwin} only in case`, `routes/${at}/path`)
  })
}

function repeated(names: readonly string[], list: string, key: string): readonly Fault[] {
  return names.flatMap((name, at) =>
    toFaults(
      names.indexOf(name) < at ? `is already taken by /body/${list}/${names.indexOf(name)}` : undefined,
      `${list}/${at}/${key}`,
    ),
  )
}

function toFaults(message: string | undefined, at: string): readonly Fault[] {
  return message === undefined ? [] : [{ pointer: `/body/${at}`, message }]
}
