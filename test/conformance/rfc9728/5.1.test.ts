import { describe, expect, test } from 'vitest'

import { challengeIn, ordersResource, resourceWorld } from '../../support/gateway/resources.ts'
import { ISSUER, NOW, withBearer } from '../../support/signing/door.ts'

const metadata = `${ISSUER}/.well-known/oauth-protected-resource/orders`
/** Of the challenge for bound tokens, which stands beside that for bearers (RFC 9449 §7.1). */
const algs = 'ES256 PS256 EdDSA'

/** RFC 9728 §5.1, the resource_metadata parameter. */
describe('RFC 9728 §5.1', () => {
  test('a 401 without credentials names the URL of the metadata of the protected resource', async () => {
    const { call } = await resourceWorld()
    const { status, headers } = await call('GET', '/orders/7')
    expect(status).toBe(401)
    expect(challengeIn(headers)).toEqual({ realm: 'gatewright', algs, resource_metadata: metadata })
  })

  test('a 401 for a token that does not work names it as well', async () => {
    const { call, token } = await resourceWorld()
    const expired = await token({ aud: ordersResource, exp: NOW - 1, iat: NOW - 600 })
    const { headers } = await call('GET', '/orders/7', { headers: withBearer(expired) })
    expect(challengeIn(headers)).toMatchObject({ error: 'invalid_token', resource_metadata: metadata })
  })

  test('a route of no published API names none', async () => {
    const { call } = await resourceWorld()
    const { headers } = await call('GET', '/orders-archive')
    expect(challengeIn(headers)).toEqual({ realm: 'gatewright', algs })
  })
})
