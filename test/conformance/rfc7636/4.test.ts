import { describe, expect, test } from 'vitest'

import { client_secret, serviceCodeWorld, without } from '../../support/oauth/code-world.ts'
import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { basic, redemptionOf, requestOf } from '../../support/oauth/world.ts'

describe('RFC 7636 §4, proof key for code exchange', () => {
  test('§4.4.1 a request without a challenge is invalid_request where one is required', async () => {
    const { authorize, client, cookie } = await requestWorld()
    expect(heard(await authorize(without(requestOf(client), 'code_challenge'), cookie))).toMatchObject({
      error: 'invalid_request',
    })
  })

  test.each(['plain', 'S512', 's256'])(
    '§4.4.1 a method that is not supported is invalid_request: %s',
    async (method) => {
      const { ask } = await requestWorld()
      expect(heard(await ask({ code_challenge_method: method }))).toMatchObject({ error: 'invalid_request' })
    },
  )

  /** What the OpenID Foundation's Basic plan sends: no challenge, and in one module no nonce either. */
  test('an OpenID request of a client with a secret gets its tokens without a challenge, also without a nonce', async () => {
    const { authorize, token, service, cookie } = await serviceCodeWorld('client_secret_basic')
    const bare = ['code_challenge', 'code_challenge_method', 'nonce'].reduce(without, requestOf(service))
    const { code = '' } = heard(await authorize(bare, cookie))
    const redemption = without(redemptionOf(service, code), 'code_verifier')
    const { status, body } = await token(redemption, basic(service.client_id, client_secret))
    expect(status).toBe(200)
    expect(body).toMatchObject({ id_token: expect.any(String), access_token: expect.any(String) })
  })
})
