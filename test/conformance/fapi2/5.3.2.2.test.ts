import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { code_challenge, code_verifier, issuer, redemptionOf, requestOf } from '../../support/oauth/world.ts'
import { redirect_uri } from '../../support/oauth/clients.ts'
import { without } from '../../support/oauth/code-world.ts'
import { clientKey } from '../../support/clients/assertion-world.ts'
import { fapiWorld, strictMetadata } from '../../support/oauth/fapi-world.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import { password, person } from '../../support/people/cast.ts'

/** @see FAPI 2.0 Security Profile §5.3.2.2 (authorization code flow) */
describe('FAPI 2.0 Security Profile §5.3.2.2', () => {
  test('the server shall support the authorization code grant', async () => {
    const { tokens, userinfo } = await fapiWorld()
    expect(await userinfo((await tokens()).access_token)).toMatchObject({ status: 200 })
  })

  test('the server shall support pushed authorization requests of authenticated clients', async () => {
    const { push } = await fapiWorld()
    expect(await push()).toMatchObject({ status: 201 })
  })

  test('the server shall reject authorization requests that were not pushed', async () => {
    const { authorize, client, cookie } = await fapiWorld()
    const { location } = await authorize(requestOf(client), cookie)
    expect(location.searchParams.get('error')).toBe('invalid_request')
    expect(location.searchParams.has('code')).toBe(false)
  })

  test('the server shall reject pushed authorization requests without client authentication', async () => {
    const { post, client, proofOfClient } = await fapiWorld()
    const bare = await post('/oauth/par', requestOf(client))
    expect(bare).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const spent = { ...requestOf(client), ...(await proofOfClient()) }
    await post('/oauth/par', spent)
    expect(await post('/oauth/par', spent)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('the server shall require PKCE with S256 as the method', async () => {
    const { push, client, proofOfClient, post } = await fapiWorld()
    const bare = { ...requestOf(client), ...(await proofOfClient()) }
    const answers = [
      await post('/oauth/par', without(without(bare, 'code_challenge'), 'code_challenge_method')),
      await push({ code_challenge: code_verifier, code_challenge_method: 'plain' }),
    ]
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('a code is worth nothing without its verifier', async () => {
    const { client, code, redeem } = await fapiWorld()
    const redemption = redemptionOf(client, await code())
    expect((await redeem(without(redemption, 'code_verifier'))).status).toBe(400)
    const other = await redeem({ ...redemption, code_verifier: code_challenge })
    expect(other).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await redeem(redemption)).status).toBe(200)
  })

  test('the server shall require the parameter redirect_uri in pushed authorization requests', async () => {
    const { post, client, proofOfClient } = await fapiWorld()
    const asked = { ...requestOf(client), ...(await proofOfClient()) }
    const answer = await post('/oauth/par', without(asked, 'redirect_uri'))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('the server shall return iss in the authorization response', async () => {
    const { visit, pushed } = await fapiWorld()
    const { location } = await visit(await pushed())
    expect(location.searchParams.get('iss')).toBe(issuer)
    const refused = await visit(await pushed({ prompt: 'none', max_age: '0' }))
    expect([refused.location.searchParams.has('error'), refused.location.searchParams.get('iss')]).toEqual([
      true,
      issuer,
    ])
  })

  test('the server shall not allow redirect URIs with the scheme http', async () => {
    const { jwk } = await clientKey()
    const jwks = { keys: [jwk] }
    for (const uri of ['http://app.example/callback', 'http://127.0.0.1/callback', 'com.example.app:/oauth'])
      expect(strictMetadata({ jwks, application_type: 'native', redirect_uris: [uri] })).toMatch(/https/)
  })

  test('the server shall reject an authorization code that has been used before', async () => {
    const { client, code, redeem, userinfo } = await fapiWorld()
    const redemption = redemptionOf(client, await code())
    const first = await redeem(redemption)
    expect(await redeem(redemption)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await userinfo(String(first.body['access_token']))).status).toBe(401)
  })

  test('the server shall not use 307 where a request may carry credentials, and should use 303', async () => {
    const { pushed, send, client } = await fapiWorld()
    const { email } = await person('bob')
    const redirects: number[] = []
    const { open, submit } = newVisit(async (path, init) => {
      const answer = await send(path, init)
      if (answer.headers.has('location')) redirects.push(answer.status)
      return answer
    })
    const asked = { client_id: client.client_id, request_uri: await pushed() }
    const signIn = await open(`/oauth/authorize?${new URLSearchParams(asked).toString()}`)
    const arrival = await submit(signIn, { email, password })
    expect(arrival.location.searchParams.has('code')).toBe(true)
    expect(redirects).toEqual([303, 303, 303])
  })

  test('the server shall issue request_uri values with an expires_in of less than 600 seconds', async () => {
    const { push, visit } = await fapiWorld()
    const { body } = await push()
    expect(body['expires_in']).toBeLessThan(600)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + Number(body['expires_in']) * 1000 })
    onTestFinished(() => void vi.useRealTimers())
    expect((await visit(String(body['request_uri']))).location.searchParams.has('code')).toBe(false)
  })

  test('one use of a request_uri is enforced when a person authorizes, and not when it is loaded', async () => {
    const { authorize, client, pushed, visit } = await fapiWorld()
    const request_uri = await pushed()
    await authorize({ client_id: client.client_id, request_uri })
    expect((await visit(request_uri)).location.searchParams.has('code')).toBe(true)
    expect((await visit(request_uri)).location.searchParams.has('code')).toBe(false)
  })

  test('a request_uri of one client does nothing for another', async () => {
    const { authorize, register, client, cookie, pushed } = await fapiWorld()
    const other = await register({ ...client, client_id: 'another' })
    const answer = await authorize({ client_id: other.client_id, request_uri: await pushed() }, cookie)
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })

  test('what stands beside a request_uri does not count', async () => {
    const { pushed, visit } = await fapiWorld()
    const beside = { scope: 'openid', state: 'beside', redirect_uri: 'https://elsewhere.example/' }
    const { location } = await visit(await pushed(), beside)
    expect(`${location.origin}${location.pathname}`).toBe(redirect_uri)
    expect(location.searchParams.get('state')).toBe('state-of-the-app')
  })

  test('the response shall come by a redirect of the browser, in the query', async () => {
    const { push } = await fapiWorld()
    for (const response_mode of ['fragment', 'form_post'])
      expect((await push({ response_mode })).status).toBe(400)
    expect((await push({ response_mode: 'query' })).status).toBe(201)
  })

  test('the server should give people what they need for an informed decision about consent', async () => {
    const { register, client, pushed, visit, send, cookie } = await fapiWorld()
    await register({ ...client, first_party: false })
    const asked = await visit(await pushed())
    const page = await send(asked.headers.get('location') ?? '', { headers: { cookie } })
    expect([page.status, page.text.includes(client.metadata.client_name ?? '?')]).toEqual([200, true])
  })
})

/** @see FAPI 2.0 Security Profile §5.3.2.3 (identifier of the authenticated user) */
describe('FAPI 2.0 Security Profile §5.3.2.3', () => {
  test('the server shall support nonce values of up to 64 characters', async () => {
    const { client, code, redeem } = await fapiWorld()
    const nonce = 'n'.repeat(64)
    const { body } = await redeem(redemptionOf(client, await code({ nonce })))
    const [, claims = ''] = String(body['id_token']).split('.')
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ nonce })
  })
})
