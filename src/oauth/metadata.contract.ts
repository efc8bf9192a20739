import * as z from 'zod'

import { defineOperation, none } from '../http/operation.ts'

const strings = z.array(z.string()).readonly()

/**
 * What this server can do. Every member is registered, and is there because what it names works.
 *
 * @see RFC 8414 §2
 * @see OpenID Connect Discovery 1.0 §3
 * @see RFC 9449 §5.1 (dpop_signing_alg_values_supported)
 * @see RFC 9207 §3 (authorization_response_iss_parameter_supported)
 * @see RFC 9126 §5 (pushed requests), RFC 8628 §4 (device grant)
 */
const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  pushed_authorization_request_endpoint: z.string(),
  require_pushed_authorization_requests: z.boolean(),
  device_authorization_endpoint: z.string(),
  userinfo_endpoint: z.string(),
  end_session_endpoint: z.string(),
  jwks_uri: z.string(),
  registration_endpoint: z.string(),
  introspection_endpoint: z.string(),
  revocation_endpoint: z.string(),
  scopes_supported: strings,
  response_types_supported: strings,
  response_modes_supported: strings,
  grant_types_supported: strings,
  prompt_values_supported: strings,
  acr_values_supported: strings,
  subject_types_supported: strings,
  id_token_signing_alg_values_supported: strings,
  userinfo_signing_alg_values_supported: strings,
  introspection_signing_alg_values_supported: strings,
  token_endpoint_auth_methods_supported: strings,
  token_endpoint_auth_signing_alg_values_supported: strings,
  introspection_endpoint_auth_methods_supported: strings,
  introspection_endpoint_auth_signing_alg_values_supported: strings,
  revocation_endpoint_auth_methods_supported: strings,
  revocation_endpoint_auth_signing_alg_values_supported: strings,
  code_challenge_methods_supported: strings,
  dpop_signing_alg_values_supported: strings,
  claims_supported: strings,
  ui_locales_supported: strings,
  claims_parameter_supported: z.boolean(),
  request_parameter_supported: z.boolean(),
  request_uri_parameter_supported: z.boolean(),
  require_request_uri_registration: z.boolean(),
  request_object_signing_alg_values_supported: strings,
  authorization_signing_alg_values_supported: strings,
  authorization_response_iss_parameter_supported: z.boolean(),
  backchannel_logout_supported: z.boolean(),
  backchannel_logout_session_supported: z.boolean(),
  frontchannel_logout_supported: z.boolean(),
  frontchannel_logout_session_supported: z.boolean(),
})

export type Metadata = Readonly<z.output<typeof Metadata>>

export const readOpenIdConfiguration = defineOperation({
  method: 'GET',
  path: '/.well-known/openid-configuration',
  room: 'oauth',
  summary: 'Describe this server to OpenID Connect clients',
  dialect: 'oauth',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The metadata.', schema: Metadata } },
  refusals: { 400: ['invalid_request'] },
})

export const readServerMetadata = defineOperation({
  ...readOpenIdConfiguration,
  path: '/.well-known/oauth-authorization-server',
  summary: 'Describe this server to OAuth clients (RFC 8414)',
})
