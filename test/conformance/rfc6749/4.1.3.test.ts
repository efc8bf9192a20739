import { describe, expect, test } from 'vitest'

import { authorizationCodeTtlSeconds } from '../../../src/platform/bounds.ts'
import { without } from '../../support/oauth/code-world.ts'
import { asService, tokenWorld } from '../../support/oauth/token-world.ts'
import { redemptionOf } from '../../support/oauth/world.ts'

/** RFC 6749 §4.1.2 and §4.1.3, the code and the request for its token; RFC 7636 §4.5 and §4.6. */
describe('RFC 6749 §4.1.3', () => {
  test.each(['grant_type', 'code', 'redirect_uri'])('%s is REQUIRED', async (name) => {
    const { app, codeWith, token } = await tokenWorld()
    const fields = without(redemptionOf(app, await codeWith(app)), name)
    expect(await token(fields)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('client_id is REQUIRED of a client that does not authenticate', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const fields = without(redemptionOf(app, await codeWith(app)), 'client_id')
    expect(await token(fields)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('the server MUST ensure that the code was issued to the authenticated client', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const answer = await token(redemptionOf({ client_id: 'other' }, await codeWith(app)), asService('other'))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('the server MUST ensure that redirect_uri is identical to that of the authorization request', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const redirect_uri = 'https://app.example/callback?'
    const answer = await token({ ...redemptionOf(app, await codeWith(app)), redirect_uri })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('4.1.2: the client MUST NOT use a code more than once, and the server MUST deny it then', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const fields = redemptionOf(app, await codeWith(app))
    await token(fields)
    expect(await token(fields)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('4.1.2: a code MUST expire shortly after it is issued; at most ten minutes are RECOMMENDED', () => {
    expect(authorizationCodeTtlSeconds).toBeLessThanOrEqual(600)
  })

  test('RFC 7636 §4.6: values that are not equal MUST be answered with invalid_grant', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const code_verifier = 'w'.repeat(128)
    const answer = await token({ ...redemptionOf(app, await codeWith(app)), code_verifier })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('RFC 7636 §4.1: a verifier has at least 43 and at most 128 characters', async () => {
    const { app, codeWith, token } = await tokenWorld()
    for (const code_verifier of ['v'.repeat(42), 'v'.repeat(129), `${'v'.repeat(43)}=`]) {
      const answer = await token({ ...redemptionOf(app, await codeWith(app)), code_verifier })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    }
  })
})
