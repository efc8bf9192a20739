import { describe, expect, test } from 'vitest'

import { issuer, newWorld } from '../../support/oauth/world.ts'

/** RFC 8414 §2 and §3; OpenID Connect Discovery §3 and §4. The issuer has no path, so none is inserted. */
describe.each(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])(
  'RFC 8414 §3, OpenID Connect Discovery §4 at %s',
  (path) => {
    test('3.1: it MUST be queried by GET; 3.2: the answer MUST be 200 and application/json', async () => {
      const { send } = await newWorld()
      const { status, headers } = await send(path)
      expect([status, headers.get('content-type')]).toEqual([200, 'application/json'])
      expect(headers.get('access-control-allow-origin')).toBe('*')
    })

    test('3.3: issuer MUST be identical to the prefix that the URL was made of', async () => {
      const { send } = await newWorld()
      expect((await send(path)).body['issuer']).toBe(issuer)
    })

    test('2: jwks_uri, and every endpoint that is named, is a URL without query or fragment that answers', async () => {
      const { send } = await newWorld()
      const { body } = await send(path)
      const urls = Object.entries(body).filter(([name]) => /(_endpoint|^jwks_uri)$/.test(name))
      expect(urls.length).toBeGreaterThan(7)
      for (const [, url] of urls) {
        expect(String(url)).toMatch(/^[^?#]+$/)
        expect((await send(new URL(String(url)).pathname, { method: 'OPTIONS' })).status).not.toBe(404)
      }
    })

    test('2: response_types_supported is REQUIRED; 3.2: members with zero elements MUST be omitted', async () => {
      const { send } = await newWorld()
      const { body } = await send(path)
      expect(body['response_types_supported']).toEqual(['code'])
      for (const value of Object.values(body)) expect(value).not.toEqual([])
    })

    test('Discovery 3: subject_types_supported and id_token_signing_alg_values_supported are REQUIRED, RS256 among them', async () => {
      const { send } = await newWorld()
      const { body } = await send(path)
      expect(body['subject_types_supported']).toContain('public')
      expect(body['id_token_signing_alg_values_supported']).toContain('RS256')
      expect(body['id_token_signing_alg_values_supported']).not.toContain('none')
      expect(body['scopes_supported']).toContain('openid')
    })
  },
)
