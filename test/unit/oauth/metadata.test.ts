import { describe, expect, test } from 'vitest'

import { describeServer } from '../../../src/oauth/metadata.ts'

const issuer = 'https://id.example'
const metadata = describeServer(issuer)

/**
 * Names of the IANA registry "OAuth Authorization Server Metadata". The list is written out here so that a member of
 * our own making cannot appear in the document.
 */
const REGISTERED = `
  issuer
  authorization_endpoint
  token_endpoint
  jwks_uri
  registration_endpoint
  scopes_supported
  response_types_supported
  response_modes_supported
  grant_types_supported
  token_endpoint_auth_methods_supported
  token_endpoint_auth_signing_alg_values_supported
  service_documentation
  ui_locales_supported
  op_policy_uri
  op_tos_uri
  revocation_endpoint
  revocation_endpoint_auth_methods_supported
  revocation_endpoint_auth_signing_alg_values_supported
  introspection_endpoint
  introspection_endpoint_auth_methods_supported
  introspection_endpoint_auth_signing_alg_values_supported
  code_challenge_methods_supported
  signed_metadata
  device_authorization_endpoint
  tls_client_certificate_bound_access_tokens
  mtls_endpoint_aliases
  nfv_token_signing_alg_values_supported
  nfv_token_encryption_alg_values_supported
  userinfo_endpoint
  acr_values_supported
  subject_types_supported
  id_token_signing_alg_values_supported
  id_token_encryption_alg_values_supported
  id_token_encryption_enc_values_supported
  userinfo_signing_alg_values_supported
  userinfo_encryption_alg_values_supported
  userinfo_encryption_enc_values_supported
  request_object_signing_alg_values_supported
  request_object_encryption_alg_values_supported
  request_object_encryption_enc_values_supported
  display_values_supported
  claim_types_supported
  claims_supported
  claims_locales_supported
  claims_parameter_supported
  request_parameter_supported
  request_uri_parameter_supported
  require_request_uri_registration
  require_signed_request_object
  pushed_authorization_request_endpoint
  require_pushed_authorization_requests
  introspection_signing_alg_values_supported
  introspection_encryption_alg_values_supported
  introspection_encryption_enc_values_supported
  authorization_response_iss_parameter_supported
  check_session_iframe
  frontchannel_logout_supported
  frontchannel_logout_session_supported
  backchannel_logout_supported
  backchannel_logout_session_supported
  end_session_endpoint
  backchannel_token_delivery_modes_supported
  backchannel_authentication_endpoint
  backchannel_authentication_request_signing_alg_values_supported
  backchannel_user_code_parameter_supported
  authorization_details_types_supported
  dpop_signing_alg_values_supported
  client_registration_types_supported
  federation_registration_endpoint
  signed_jwks_uri
  jwks
  organization_name
  contacts
  logo_uri
  organization_uri
  protected_resources
  prompt_values_supported
  authorization_signing_alg_values_supported
  authorization_encryption_alg_values_supported
  authorization_encryption_enc_values_supported
`.match(/\S+/g)

describe('the description of this server', () => {
  test('has registered members only', () => {
    expect(Object.keys(metadata).filter((name) => REGISTERED?.includes(name) !== true)).toEqual([])
  })

  test('names every endpoint under its exact issuer', () => {
    const urls = Object.entries(metadata).filter(([name]) => /_endpoint$|_uri$/.test(name))
    expect(urls.length).toBeGreaterThan(7)
    for (const [, url] of urls) expect(url).toMatch(/^https:\/\/id\.example\/[a-z._/-]+$/)
    expect(metadata.issuer).toBe(issuer)
  })

  /** OpenID Connect Core §15.1, RFC 9700 §2.1.1. */
  test('promises what is kept and no more', () => {
    expect(metadata).toMatchObject({
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    })
    expect(metadata.id_token_signing_alg_values_supported).toContain('RS256')
    expect(metadata.subject_types_supported).toEqual(['public', 'pairwise'])
    expect(metadata.grant_types_supported).toEqual(
      expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials']),
    )
    expect(metadata.claims_supported).toEqual(
      expect.arrayContaining(['sub', 'auth_time', 'email', 'address']),
    )
  })
})
