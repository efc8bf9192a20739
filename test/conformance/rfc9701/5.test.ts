import { createLocalJWKSet, jwtVerify } from 'jose'
import * as z from 'zod'
import { describe, expect, test } from 'vitest'

import { service, tokenWorld } from '../../support/oauth/token-world.ts'
import { issuer } from '../../support/oauth/world.ts'

const accept = 'application/token-introspection+jwt'
const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/** RFC 9701 §4 and §5, JWT responses for token introspection. */
describe('RFC 9701', () => {
  async function signedWorld(alg: 'RS256' | 'ES256' | 'PS256' | 'EdDSA' = 'RS256') {
    const world = await tokenWorld()
    await world.register(service('service', { introspection_signed_response_alg: alg }))
    const { access_token } = await world.tokensOf({ client_id: 'service' })
    const keys = createLocalJWKSet(Jwks.parse((await world.send('/.well-known/jwks.json')).body))
    const ask = (token: string) => world.introspect('service', token, {}, { accept })
    return { ...world, access_token, ask, verify: (text: string) => jwtVerify(text, keys) }
  }

  test('4: the JWT is asked for by Accept: application/token-introspection+jwt; JSON stays the default', async () => {
    const { introspect, access_token, ask } = await signedWorld()
    expect((await ask(access_token)).headers.get('content-type')).toBe(accept)
    expect((await introspect('service', access_token)).headers.get('content-type')).toMatch(/json/)
  })

  test('5: typ MUST be token-introspection+jwt', async () => {
    const { access_token, ask, verify } = await signedWorld()
    expect((await verify((await ask(access_token)).text)).protectedHeader.typ).toBe('token-introspection+jwt')
  })

  test('5: iss, aud and iat are REQUIRED, and name the server and the one who asked', async () => {
    const { access_token, ask, verify } = await signedWorld()
    const { payload } = await verify((await ask(access_token)).text)
    expect(payload).toMatchObject({ iss: issuer, aud: 'service', iat: expect.any(Number) })
  })

  test('5: token_introspection holds the members of RFC 7662, and none of them stands at the top', async () => {
    const { access_token, ask, verify } = await signedWorld()
    const { payload } = await verify((await ask(access_token)).text)
    expect(payload['token_introspection']).toMatchObject({ active: true, sub: 'alice', client_id: 'service' })
    expect(payload).not.toHaveProperty('sub')
    expect(payload).not.toHaveProperty('exp')
  })

  test('5: an invalid token is answered by a signed active: false, and nothing besides', async () => {
    const { ask, verify } = await signedWorld()
    const { payload } = await verify((await ask('unknown')).text)
    expect(payload['token_introspection']).toEqual({ active: false })
  })

  test.each(['RS256', 'ES256', 'PS256', 'EdDSA'] as const)(
    '6: introspection_signed_response_alg %s is used when registered',
    async (alg) => {
      const { access_token, ask, verify } = await signedWorld(alg)
      expect((await verify((await ask(access_token)).text)).protectedHeader.alg).toBe(alg)
    },
  )
})
