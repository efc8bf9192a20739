import type { PublishedResource } from '../catalog/published-resources.ts'
import { proofAlgs } from '../signing/dpop-proof-parts.ts'
import type { ResourceMetadata } from './protected-resource.contract.ts'
import { readGatewayMetadata } from './protected-resource.contract.ts'
import { knownScopes } from './scopes.ts'

/** Where the metadata of a resource at this gateway is: the well-known path comes before its own (RFC 9728 §3.1). */
export function metadataUrl(resource: string, issuer: string): string {
  return `${issuer}${readGatewayMetadata.path}${resource.slice(issuer.length)}`
}

/** The gateway itself: whatever is published without an identifier of its own, and our own endpoints. */
export function describeGateway(issuer: string): ResourceMetadata {
  return { resource: issuer, scopes_supported: knownScopes, ...common(issuer) }
}

export function describeResource(
  { resource, name, scopes }: PublishedResource,
  issuer: string,
): ResourceMetadata {
  return {
    resource,
    resource_name: name,
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    ...common(issuer),
  }
}

/** Tokens are taken from the header alone: a query ends up in logs, histories and referrers. */
function common(issuer: string) {
  return {
    authorization_servers: [issuer],
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: proofAlgs,
  }
}
