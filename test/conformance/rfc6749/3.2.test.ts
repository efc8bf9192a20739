import { describe, expect, test } from 'vitest'

import { asService, tokenWorld } from '../../support/oauth/token-world.ts'
import { redemptionOf } from '../../support/oauth/world.ts'

/** RFC 6749 §3.2, the token endpoint. */
describe('RFC 6749 §3.2', () => {
  test('the client MUST use POST; anything else is refused', async () => {
    const { send } = await tokenWorld()
    const answer = await send('/oauth/token?grant_type=client_credentials')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')])
  })

  test('parameters sent without a value MUST be treated as if they were omitted', async () => {
    const { token } = await tokenWorld()
    const answer = await token({ grant_type: 'client_credentials', scope: '' }, asService('service'))
    expect(answer).toMatchObject({ status: 200, body: { scope: 'read write' } })
  })

  test('unrecognized request parameters MUST be ignored', async () => {
    const { token } = await tokenWorld()
    const fields = { grant_type: 'client_credentials', colour: 'blue' }
    expect(await token(fields, asService('service'))).toMatchObject({ status: 200 })
  })

  test('parameters MUST NOT be included more than once', async () => {
    const { send } = await tokenWorld()
    const answer = await send('/oauth/token', {
      method: 'POST',
      body: 'grant_type=client_credentials&scope=read&scope=write',
      headers: { ...asService('service'), 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('3.2.1: confidential clients MUST authenticate', async () => {
    const { codeWith, token } = await tokenWorld()
    const code = await codeWith({ client_id: 'service' })
    expect(await token(redemptionOf({ client_id: 'service' }, code))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })
})
