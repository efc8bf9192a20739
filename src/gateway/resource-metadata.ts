import type { PublishedRoute } from '../catalog/snapshot.ts'
import { metadataUrl } from '../oauth/protected-resource.ts'

/** Tells somebody who is refused where the route's API says which tokens it takes (RFC 9728 §5.1). */
export function metadataParameter(
  { resource }: Pick<PublishedRoute, 'resource'>,
  issuer: string,
): { readonly resource_metadata?: string } {
  return resource === undefined ? {} : { resource_metadata: metadataUrl(resource.resource, issuer) }
}
