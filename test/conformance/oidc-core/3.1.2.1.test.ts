import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { without } from '../../support/oauth/code-world.ts'
import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { issuer, redemptionOf, requestOf } from '../../support/oauth/world.ts'

const code = expect.stringMatching(/^gwc_/)

describe('OpenID Connect Core 1.0 §3.1.2.1, authentication request', () => {
  test('the authorization server MUST support GET and POST at the authorization endpoint', async () => {
    const { ask, post, client } = await requestWorld()
    expect(heard(await ask({}))).toMatchObject({ code })
    const { status, location } = await post('/oauth/authorize', requestOf(client))
    expect(status).toBe(303)
    expect(location.pathname).toBe('/oauth/authorize')
  })

  test('scope values that are not understood SHOULD be ignored', async () => {
    const { ask } = await requestWorld()
    expect(heard(await ask({ scope: 'banana openid' }))).toMatchObject({ code })
  })

  test('a request without the scope openid is an OAuth request, and gets no ID token', async () => {
    const { codeFor, token, client, cookie } = await requestWorld()
    const { body } = await token(redemptionOf(client, await codeFor(client, cookie, { scope: 'read' })))
    expect(body).toMatchObject({ access_token: expect.any(String), scope: 'read' })
    expect(body.id_token).toBeUndefined()
  })

  test('state comes back as it was sent, also 1,000 characters of it', async () => {
    const { ask } = await requestWorld()
    const state = 's'.repeat(1_000)
    expect(heard(await ask({ state }))).toMatchObject({ state })
  })

  test('nonce is OPTIONAL in the code flow', async () => {
    const { authorize, token, client, cookie } = await requestWorld()
    const answer = heard(await authorize(without(requestOf(client), 'nonce'), cookie))
    const { body } = await token(redemptionOf(client, String(answer['code'])))
    expect(decodeJwt(String(body.id_token))).not.toHaveProperty('nonce')
  })

  test('nonce is passed through unmodified, also 384 characters of it', async () => {
    const { codeFor, token, client, cookie } = await requestWorld()
    const nonce = 'n'.repeat(384)
    const { body } = await token(redemptionOf(client, await codeFor(client, cookie, { nonce })))
    expect(decodeJwt(String(body.id_token))).toMatchObject({ nonce })
  })

  test.each([
    ['display', 'page'],
    ['display', 'popup'],
    ['display', 'wap'],
    ['ui_locales', 'xx-unknown de'],
    ['claims_locales', 'se'],
    ['login_hint', 'nobody@example.com'],
    ['acr_values', '1 2'],
    ['extra', 'foobar'],
  ])('%s=%s MUST NOT result in an error', async (name, value) => {
    const { ask } = await requestWorld()
    expect(heard(await ask({ [name]: value }))).toMatchObject({ code })
  })

  test('prompt=none MUST NOT show a page, and returns an error where one would be needed', async () => {
    const { authorize, ask, client } = await requestWorld()
    expect(heard(await ask({ prompt: 'none' }))).toMatchObject({ code })
    expect(heard(await authorize({ ...requestOf(client), prompt: 'none' }))).toMatchObject({
      error: 'login_required',
      state: 'state-of-the-app',
    })
  })

  test('prompt=none together with another value MUST be an error', async () => {
    const { ask } = await requestWorld()
    expect(heard(await ask({ prompt: 'none consent' }))).toMatchObject({ error: 'invalid_request' })
  })

  test.each(['login', 'select_account', 'login consent'])(
    'prompt=%s SHOULD prompt for a sign-in, however recent the last',
    async (prompt) => {
      const { ask } = await requestWorld()
      expect(heard(await ask({ prompt }))).toEqual({ onward: '/sign-in' })
    },
  )

  test('prompt=consent SHOULD prompt for consent', async () => {
    const { ask } = await requestWorld()
    expect(heard(await ask({ prompt: 'consent' }))).toEqual({ onward: '/consent' })
  })

  test('default_max_age counts where the request has no max_age, and is overridden by it', async () => {
    const { ask } = await requestWorld({ default_max_age: 0 })
    expect(heard(await ask({}))).toEqual({ onward: '/sign-in' })
    expect(heard(await ask({ max_age: '10000' }))).toMatchObject({ code })
  })

  test('id_token_hint names who is expected also to a client with pairwise subjects', async () => {
    const { ask, codeFor, token, client, cookie } = await requestWorld({ subject_type: 'pairwise' })
    const { body } = await token(redemptionOf(client, await codeFor(client, cookie)))
    const id_token_hint = String(body.id_token)
    expect(decodeJwt(id_token_hint).sub).not.toBe('alice')
    expect(heard(await ask({ prompt: 'none', id_token_hint }))).toMatchObject({ code, iss: issuer })
  })

  test('acr_values is a voluntary request: what cannot be reached is not demanded', async () => {
    const { codeFor, token, client, cookie } = await requestWorld()
    const acr_values = 'urn:gatewright:acr:multi-factor urn:gatewright:acr:single-factor'
    const { body } = await token(redemptionOf(client, await codeFor(client, cookie, { acr_values })))
    expect(decodeJwt(String(body.id_token))).toMatchObject({ acr: 'urn:gatewright:acr:single-factor' })
  })
})
