import { describe, expect, test } from 'vitest'

import { describeServer } from '../../../src/oauth/metadata.ts'

const issuer = 'https://id.example'
const metadata = describeServer(issuer)

/**
 * Members that the IANA registry "OAuth Authorization Server Metadata" holds and that this server uses. The list
 * is written out here so that a member cannot appear in the document without somebody looking it up.
 */
const REGISTERED = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
  'registration_endpoint',
  'introspection_endpoint',
  'revocation_endpoint',
  'scopes_supported',
  'response_types_supported',
  'response_modes_supported',
  'grant_types_supported',
  'prompt_values_supported',
  'acr_values_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
  'token_endpoint_auth_methods_supported',
  'token_endpoint_auth_signing_alg_values_supported',
  'introspection_endpoint_auth_methods_supported',
  'introspection_endpoint_auth_signing_alg_values_supported',
  'revocation_endpoint_auth_methods_supported',
  'revocation_endpoint_auth_signing_alg_values_supported',
  'code_challenge_methods_supported',
  'claims_supported',
  'ui_locales_supported',
  'claims_parameter_supported',
  'request_parameter_supported',
  'request_uri_parameter_supported',
  'authorization_response_iss_parameter_supported',
]

describe('the description of this server', () => {
  test('has registered members only', () => {
    expect(Object.keys(metadata).filter((name) => !REGISTERED.includes(name))).toEqual([])
  })

  test('names every endpoint under its exact issuer', () => {
    const urls = Object.entries(metadata).filter(([name]) => /_endpoint$|_uri$/.test(name))
    expect(urls).toHaveLength(7)
    for (const [, url] of urls) expect(url).toMatch(/^https:\/\/id\.example\/[a-z./-]+$/)
    expect(metadata.issuer).toBe(issuer)
  })

  /** OpenID Connect Core §15.1, RFC 9700 §2.1.1, and the parameters that are refused. */
  test('promises what is kept and no more', () => {
    expect(metadata).toMatchObject({
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      subject_types_supported: ['public'],
      claims_parameter_supported: false,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      authorization_response_iss_parameter_supported: true,
    })
    expect(metadata.id_token_signing_alg_values_supported).toContain('RS256')
    expect(metadata.claims_supported).toEqual(
      expect.arrayContaining(['sub', 'auth_time', 'email', 'address']),
    )
  })
})
