import * as z from 'zod'

import { defineOperation, none } from '../http/operation.ts'
import { pathTemplateCharactersMax } from '../platform/bounds.ts'

const strings = z.array(z.string()).readonly()

/** RFC 9728 §2. Every member is registered there. */
const ResourceMetadata = z.object({
  resource: z.string(),
  authorization_servers: strings,
  scopes_supported: strings.exactOptional(),
  bearer_methods_supported: strings,
  resource_name: z.string().exactOptional(),
  dpop_signing_alg_values_supported: strings,
})

export type ResourceMetadata = Readonly<z.output<typeof ResourceMetadata>>

export const readGatewayMetadata = defineOperation({
  method: 'GET',
  path: '/.well-known/oauth-protected-resource',
  room: 'oauth',
  summary: 'Describe this gateway as a protected resource (RFC 9728)',
  dialect: 'envelope',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The metadata.', schema: ResourceMetadata } },
  refusals: { 400: ['request_malformed'] },
})

export const readResourceMetadata = defineOperation({
  ...readGatewayMetadata,
  path: `${readGatewayMetadata.path}/{resource_path}`,
  summary: 'Describe a published API as a protected resource (RFC 9728 §3.1)',
  params: z.object({
    resource_path: z
      .string()
      .max(pathTemplateCharactersMax)
      .describe('Path of the identifier of the API, its slashes among it.'),
  }),
  refusals: { 400: ['request_malformed'], 404: ['not_found'], 503: ['unavailable'] },
})
