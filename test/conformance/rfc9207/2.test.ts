import { describe, expect, test } from 'vitest'

import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { issuer } from '../../support/oauth/world.ts'

describe('RFC 9207 §2, the issuer in the authorization response', () => {
  test.each(['query', 'fragment'])('iss MUST be in responses and errors by %s', async (response_mode) => {
    const { ask } = await requestWorld()
    expect(heard(await ask({ response_mode }))).toMatchObject({ code: expect.any(String), iss: issuer })
    expect(heard(await ask({ response_mode, scope: 'openid manage' }))).toMatchObject({
      error: 'invalid_scope',
      iss: issuer,
    })
  })

  test('§2.3 the value MUST be the issuer of the metadata, which MUST say that it comes', async () => {
    const { send, ask } = await requestWorld()
    const { body } = await send('/.well-known/openid-configuration')
    expect(heard(await ask({}))['iss']).toBe(body.issuer)
    expect(body.authorization_response_iss_parameter_supported).toBe(true)
  })
})
