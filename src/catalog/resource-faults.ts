import type { CatalogDocument } from './catalog.contract.ts'
import { readTemplate } from './path-template.ts'
import { PublishedResources, type PublishedResource } from './published-resources.ts'
import { strictest } from './step-up.ts'

/**
 * What is wrong with the identifier of a published API, or undefined.
 *
 * It lies at this gateway, because its metadata is looked for there (RFC 9728 §3.1) and whoever reads that must be sure
 * that it speaks of the API they found it at. The gateway as a whole needs no entry.
 */
export function resourceFault(
  { resource }: PublishedResource,
  document: CatalogDocument,
  issuer: string,
): string | undefined {
  if (!resource.startsWith(`${issuer}/`)) return `must begin with ${issuer}/`
  const path = resource.slice(issuer.length)
  const template = readTemplate(path)
  if (!template.ok) return template.failure.message
  if (path === '/' || template.value.some(({ kind }) => kind === 'parameter')) {
    return 'must be a path of plain segments'
  }
  const alone = new PublishedResources([{ resource, name: '', scopes: [] }], issuer)
  return document.routes.some((route) => alone.above(route.path) !== undefined)
    ? undefined
    : 'no route lies below it'
}

/** API keys and tokens of other issuers do not say how somebody signed in here, so they could never open such a route. */
export function stepUpFault(
  route: CatalogDocument['routes'][number],
  published: PublishedResources,
  issuer: string,
): string | undefined {
  const resource = published.above(route.path)
  const asksForStepUp = strictest([route, ...(resource === undefined ? [] : [resource])]) !== undefined
  if (!asksForStepUp) return undefined
  const { api_key, tokens } = route.authentication
  const takesOurs = tokens === true || (Array.isArray(tokens) && tokens.every((name) => name === issuer))
  return takesOurs && !api_key
    ? undefined
    : 'acr_values and max_age need tokens of this gateway, and no API keys'
}
