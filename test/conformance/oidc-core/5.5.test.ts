import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import { sessionStore } from '../../../src/accounts/session.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { readClaimsParameter } from '../../../src/oauth/authorize/claims-parameter.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { redemptionOf, requestOf } from '../../support/oauth/world.ts'

const code = expect.stringMatching(/^gwc_/)
const single = 'urn:gatewright:acr:single-factor'

describe('OpenID Connect Core 1.0 §5.5, the claims parameter', () => {
  test('members that are not understood MUST be ignored', async () => {
    const { ask } = await requestWorld()
    const claims = JSON.stringify({ userinfo: { name: { essential: true, odd: 1 } }, elsewhere: { a: 1 } })
    expect(heard(await ask({ claims }))).toMatchObject({ code })
  })

  test.each(['{', '[]', '"x"', '{"id_token":[]}', '{"userinfo":{"name":true}}'])(
    'a value that is not such a JSON object is an invalid request: %s',
    async (claims) => {
      const { ask } = await requestWorld()
      expect(heard(await ask({ claims }))).toMatchObject({ error: 'invalid_request' })
    },
  )

  test('a request for no claim at all, and nested without end, is answered and not a fault of ours', async () => {
    const { ask } = await requestWorld()
    expect(heard(await ask({ claims: '{"userinfo":null,"id_token":{}}' }))).toMatchObject({ code })
    const deep = `{"userinfo":{"name":{"value":${'['.repeat(500)}${']'.repeat(500)}}}}`
    expect(heard(await ask({ claims: deep }))).toMatchObject({ code })
  })

  test('one request has one spelling, whatever the order of its members', () => {
    const one = readClaimsParameter('{"userinfo":{"b":null,"a":{"values":["x"],"essential":true}}}', [])
    const other = readClaimsParameter('{ "userinfo": {"a":{"essential":true,"values":["x"]},"b":null} }', [])
    expect(one?.canonical).toBe(other?.canonical)
  })

  test('§5.5.1 a sub that is demanded MUST be the one that is answered with', async () => {
    const { ask } = await requestWorld()
    for (const place of ['id_token', 'userinfo']) {
      const claims = JSON.stringify({ [place]: { sub: { value: 'alice' } } })
      expect(heard(await ask({ prompt: 'none', claims }))).toMatchObject({ code })
      const others = JSON.stringify({ [place]: { sub: { value: 'bob' } } })
      expect(heard(await ask({ prompt: 'none', claims: others }))).toMatchObject({ error: 'login_required' })
    }
  })

  test('§5.5.1.1 an essential acr that cannot be met MUST be treated as a failed attempt', async () => {
    const { ask } = await requestWorld()
    const acr = (values: readonly string[], essential: boolean) =>
      ask({ claims: JSON.stringify({ id_token: { acr: { essential, values } } }) })
    expect(heard(await acr(['urn:gatewright:acr:multi-factor'], true))).toMatchObject({
      error: 'unmet_authentication_requirements',
    })
    expect(heard(await acr(['urn:example:gold', single], true))).toMatchObject({ code })
    expect(heard(await acr(['urn:gatewright:acr:multi-factor'], false))).toMatchObject({ code })
  })
  test('§5.5.1.1 with an essential acr and values, the ID token MUST name one of those values', async () => {
    const { client, authorize, account, token } = await requestWorld()
    const amr = ['pwd', 'otp', 'mfa']
    const sessions = sessionStore(openDb(env.DB), systemRandom)
    const { cookieValue } = await sessions.start({ account_id: account.account_id, amr }, Date.now())
    const cookie = `${SESSION_COOKIE}=${cookieValue.reveal()}`
    const acrFor = async (values: readonly string[]) => {
      const claims = JSON.stringify({ id_token: { acr: { essential: true, values } } })
      const { location } = await authorize({ ...requestOf(client), claims }, cookie)
      const { body } = await token(redemptionOf(client, location.searchParams.get('code') ?? ''))
      return decodeJwt(String(body['id_token']))['acr']
    }
    expect(await acrFor([single])).toBe(single)
    expect(await acrFor([single, 'urn:gatewright:acr:multi-factor'])).toBe('urn:gatewright:acr:multi-factor')
  })
})
