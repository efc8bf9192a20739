import * as z from 'zod'

import { acrValues } from '../accounts/acr.ts'
import { bearerRefusals, defineOperation, none } from '../http/operation.ts'
import {
  allowedOriginsMax,
  identifierCharactersMax,
  limitMax,
  managementBodyBytesMax,
  nameCharactersMax,
  pathTemplateCharactersMax,
  plansMax,
  proxiedBodyBytesMax,
  publishedResourcesMax,
  routeIssuersMax,
  routeScopesMax,
  routesMax,
  scopeCharactersMax,
  sessionTtlSeconds,
  trustedIssuersMax,
  upstreamTimeoutMs,
  upstreamsMax,
  urlCharactersMax,
} from '../platform/bounds.ts'

const Name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9, - and _')
const Url = z.string().max(urlCharactersMax)
/** RFC 6749 §3.3, scope-token. */
const Scope = z
  .string()
  .max(scopeCharactersMax)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope, without spaces, quotes or backslashes')

const Upstream = z.strictObject({
  name: Name,
  origin: Url.describe(
    'https://host[:port]; an upstream is never an address, a private name or this gateway.',
  ),
  timeout_ms: z
    .int()
    .min(1)
    .max(upstreamTimeoutMs)
    .default(upstreamTimeoutMs)
    .describe('How long the upstream may take to begin its answer.'),
})

const Authentication = z.strictObject({
  api_key: z.boolean().describe('Whether an API key opens the route.'),
  tokens: z
    .union([z.boolean(), z.array(Url).min(1).max(routeIssuersMax)])
    .describe('Whether an access token of this gateway does, or the issuers whose tokens do.'),
})

/** How well, and how recently, the person behind a token must have signed in (RFC 9470). */
const stepUp = {
  acr_values: z
    .array(z.enum(acrValues))
    .min(1)
    .max(acrValues.length)
    .describe('Levels of authentication of which a token must carry one, or a stronger one.')
    .exactOptional(),
  max_age: z
    .int()
    .min(0)
    .max(sessionTtlSeconds)
    .describe('Seconds since the person signed in, at most.')
    .exactOptional(),
}

const Resource = z.strictObject({
  resource: Url.describe(
    'What tokens name in `aud`: the origin of this gateway and the path that the routes of the API lie below.',
  ),
  name: z.string().min(1).max(nameCharactersMax).describe('What developers call the API.'),
  scopes: z.array(Scope).max(routeScopesMax).default([]).describe('Scopes that mean something there.'),
  client_id: z
    .string()
    .min(1)
    .max(identifierCharactersMax)
    .describe('The client that the API itself is: it may introspect and exchange tokens for the API.')
    .exactOptional(),
  ...stepUp,
})

const Route = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).describe('GET answers HEAD as well.'),
  path: z
    .string()
    .max(pathTemplateCharactersMax)
    .describe('A template such as /users/{id}; a parameter is a whole segment.'),
  upstream: Name,
  authentication: Authentication.describe('With neither kind, anyone may call.'),
  scopes: z.array(Scope).max(routeScopesMax).default([]).describe('Any one of them opens the route.'),
  allowed_origins: z
    .array(Url)
    .max(allowedOriginsMax)
    .default([])
    .describe('Origins whose pages may call the route; "*" for all, without credentials of the browser.'),
  body_bytes_max: z.int().min(0).max(proxiedBodyBytesMax).default(proxiedBodyBytesMax),
  ...stepUp,
})

const TrustedIssuer = z.strictObject({
  issuer: Url.min(1),
  jwks_uri: Url,
  audience: z.string().min(1).max(urlCharactersMax).describe('The aud that its tokens must carry.'),
  algorithms: z.array(z.enum(['ES256', 'RS256', 'PS256', 'EdDSA'])).min(1),
})

const Limit = z.int().min(1).max(limitMax)
const Plan = z.strictObject({ name: Name, requests_per_second: Limit, token_requests_per_minute: Limit })

const parts = {
  upstreams: z.array(Upstream).max(upstreamsMax),
  routes: z.array(Route).max(routesMax),
  trusted_issuers: z.array(TrustedIssuer).max(trustedIssuersMax).default([]),
  plans: z.array(Plan).max(plansMax).default([]),
  resources: z
    .array(Resource)
    .max(publishedResourcesMax)
    .default([])
    .describe('Published APIs that have tokens of their own (RFC 8707, RFC 9728).'),
}

/** Everything that is published: where requests go, who may make them, and behind which limits. */
export const CatalogDocument = z.strictObject(parts)
export type CatalogDocument = Readonly<z.output<typeof CatalogDocument>>

const Version = z.int().min(0)
const VersionedCatalog = z.strictObject({ version: Version, ...parts })

const MANAGE = { kind: 'bearer', scope: 'manage' } as const
const MANAGE_REFUSALS = {
  401: bearerRefusals,
  403: ['scope_insufficient'],
} as const

export const readCatalog = defineOperation({
  method: 'GET',
  path: '/v1/catalog',
  room: 'catalog',
  summary: 'Read the catalogue: everything that is published, as one document',
  dialect: 'envelope',
  access: MANAGE,
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The catalogue and its version.', schema: VersionedCatalog } },
  refusals: { 400: ['request_malformed'], ...MANAGE_REFUSALS },
})

export const replaceCatalog = defineOperation({
  method: 'PUT',
  path: '/v1/catalog',
  room: 'catalog',
  summary: 'Replace the catalogue as a whole, or change nothing',
  dialect: 'envelope',
  access: MANAGE,
  params: none,
  query: none,
  body: z.strictObject({
    version: Version.optional().describe('The version that was read; when it is no longer the newest, 409.'),
    ...parts,
  }),
  media: ['json'],
  bodyBytesMax: managementBodyBytesMax,
  bodyFaultCode: 'document_invalid',
  replies: {
    200: { description: 'What is published now; everywhere within 2 seconds.', schema: VersionedCatalog },
  },
  refusals: {
    400: ['request_malformed'],
    ...MANAGE_REFUSALS,
    409: ['version_conflict'],
    413: ['body_too_large'],
    415: ['media_type_unsupported'],
    422: ['document_invalid'],
  },
})
