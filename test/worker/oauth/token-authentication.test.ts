import { describe, expect, test } from 'vitest'

import type { Fields } from '../../support/oauth/answer.ts'
import { client_secret, serviceCodeWorld, without } from '../../support/oauth/code-world.ts'
import { basic, redemptionOf } from '../../support/oauth/world.ts'

/** RFC 6749 §5.2: 401 is for the client alone, and the challenge for whoever used Basic. */
describe('POST /oauth/token 401', () => {
  test.each([
    ['the wrong secret', basic('service', 'wrong')],
    ['an empty secret', basic('service', '')],
    ['an unknown client', basic('nobody', client_secret)],
    ['a public client with a secret', basic('app', client_secret)],
    ['a header that is no Base64', { authorization: 'Basic ***' }],
    ['a header without a colon', { authorization: `Basic ${btoa('service')}` }],
    ['a bearer token', { authorization: 'Bearer abc' }],
    ['an unknown scheme', { authorization: 'Negotiate abc' }],
  ])('challenges %s in Basic', async (_, headers: Fields) => {
    const { token, service, code } = await serviceCodeWorld('client_secret_basic')
    const fields = without(redemptionOf(service, code), 'client_id')
    const answer = await token(fields, headers)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="gatewright"')
    expect(await token(fields, basic('service', client_secret))).toMatchObject({ status: 200 })
  })

  test.each([
    ['no client at all', {}],
    ['a confidential client by name only', { client_id: 'service' }],
    ['the wrong secret', { client_id: 'service', client_secret: 'wrong' }],
    ['an unknown client', { client_id: 'nobody', client_secret }],
    ['an unknown public client', { client_id: 'nobody' }],
  ])('refuses %s in the body without a challenge', async (_, identity: Fields) => {
    const { token, service, code } = await serviceCodeWorld('client_secret_post')
    const fields = without(redemptionOf(service, code), 'client_id')
    const answer = await token({ ...fields, ...identity })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('www-authenticate')).toBeNull()
    expect(await token({ ...fields, client_id: 'service', client_secret })).toMatchObject({ status: 200 })
  })

  test('refuses a client that uses another method than it registered', async () => {
    const { token, service, code } = await serviceCodeWorld('client_secret_post')
    const answer = await token(redemptionOf(service, code), basic('service', client_secret))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('refuses two methods at once as a malformed request', async () => {
    const { token, service, code } = await serviceCodeWorld('client_secret_basic')
    const answer = await token(
      { ...redemptionOf(service, code), client_secret },
      basic('service', client_secret),
    )
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('says the same of an unknown client as of a wrong secret', async () => {
    const { token } = await serviceCodeWorld('client_secret_basic')
    const [unknown, wrong] = [
      await token({ grant_type: 'client_credentials' }, basic('nobody', 'x')),
      await token({ grant_type: 'client_credentials' }, basic('service', 'x')),
    ]
    expect(unknown?.text).toBe(wrong?.text)
  })
})
