import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { travel, type Visit } from '../../support/flows/application.ts'
import { redirect_uri, registerPlanClient, type PlanClient } from '../../support/flows/plan-client.ts'
import { putOnPlan } from '../../support/flows/plan.ts'
import { bearer, form } from '../../support/flows/sender.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

/** What the plans Basic and Dynamic of the OpenID Foundation do and libraries do not. */

let server: TestServer
let client: PlanClient
let visit: Visit

beforeAll(async () => {
  server = await startTestServer()
  client = await registerPlanClient(server, { grant_types: ['authorization_code', 'refresh_token'] })
  // Ten token requests a minute are what a client has by default, and this file makes more.
  await putOnPlan(client.send, server.demo.operator, String(client.registration['client_id']), 'races')
  visit = client.newBrowser()
  await client.signIn(visit, { scope: 'openid profile email address phone' })
})

afterAll(() => server.close())

/** Where the browser is led, and with what; a page leads nowhere. */
async function answerTo(more: Record<string, string>, browser = visit) {
  const { status, location } = await browser.open(client.pathOf(more))
  return { status, ...Object.fromEntries(location.searchParams) }
}

describe('a client with a secret signs somebody in', () => {
  test.each<[string, Record<string, string>]>([
    ['without PKCE and without nonce', {}],
    ['with a nonce', { nonce: 'n'.repeat(384) }],
    ['with acr_values that nobody has', { acr_values: '1 2' }],
    ['with display=page', { display: 'page' }],
    ['with display=popup', { display: 'popup' }],
    ['with ui_locales', { ui_locales: 'se' }],
    ['with claims_locales', { claims_locales: 'se' }],
    ['with login_hint', { login_hint: 'alice@example.com' }],
    ['with a parameter that nobody knows', { extra: 'foobar' }],
    ['with max_age=10000', { max_age: '10000' }],
    ['with the scopes in another order', { scope: 'email phone openid profile' }],
    ['with prompt=none', { prompt: 'none' }],
  ])('%s', async (_with, more) => {
    const { claims } = await client.signIn(visit, more)
    expect(claims).toMatchObject({ sub: 'alice', acr: expect.any(String) })
    expect(claims['nonce']).toBe(more['nonce'])
  })

  test('by a request that is posted', async () => {
    const [path = '', query = ''] = client.pathOf().split('?')
    const { status, headers } = await client.send(path, form(Object.fromEntries(new URLSearchParams(query))))
    expect(status).toBe(303)
    const { location } = await travel(visit, headers.get('location') ?? '', server.demo.user)
    expect(location.searchParams.has('code')).toBe(true)
  })

  test('with keys of its own by value, which are registered as they are', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'own', use: 'sig', alg: 'RS256' }] }
    const own = await registerPlanClient(server, { jwks })
    expect(own.registration).toMatchObject({ jwks })
    const request = await new SignJWT({ redirect_uri, response_type: 'code', scope: 'openid', state: 'in' })
      .setProtectedHeader({ alg: 'RS256', kid: 'own' })
      .setIssuer(String(own.registration['client_id']))
      .setAudience(server.url)
      .sign(privateKey)
    const { claims } = await own.signIn(visit, { request })
    expect(claims).toMatchObject({ sub: 'alice' })
  })

  test('and gets the query of its redirect URI back', async () => {
    const { location } = await travel(visit, client.pathOf(), server.demo.user)
    const { kept, state, iss } = Object.fromEntries(location.searchParams)
    expect({ kept, state, iss }).toEqual({ kept: 'yes', state: 'S', iss: server.url })
  })
})

describe('somebody who is signed in', () => {
  test('signs in anew for prompt=login, each time it is asked, with a later auth_time', async () => {
    const { claims } = await client.signIn(visit)
    let auth_time = Number(claims['auth_time'])
    for (const turn of ['second', 'third']) {
      const page = await visit.open(client.pathOf({ prompt: 'login' }))
      expect(page.text, turn).toContain('type="password"')
      const signInAnew = async () => {
        const anew = await client.signIn(visit, { prompt: 'login' })
        expect(anew.claims.sub).toBe(claims.sub)
        return Number(anew.claims['auth_time'])
      }
      await expect.poll(signInAnew, { timeout: 5_000 }).toBeGreaterThan(auth_time)
      auth_time = Number((await client.signIn(visit)).claims['auth_time'])
    }
  })

  test('signs in anew when that was more than max_age=1 ago, and is left alone by max_age=10000', async () => {
    const before = (await client.signIn(visit, { max_age: '10000' })).claims['auth_time']
    await expect
      .poll(async () => (await visit.open(client.pathOf({ max_age: '1' }))).text, { timeout: 5_000 })
      .toContain('type="password"')
    const { claims } = await client.signIn(visit, { max_age: '1' })
    expect(claims['auth_time']).toBeGreaterThan(Number(before))
    const later = await client.signIn(visit, { max_age: '10000' })
    expect(later.claims['auth_time']).toBe(claims['auth_time'])
  })

  test('is known by an ID token as hint, silently', async () => {
    const { body, claims } = await client.signIn(visit)
    const id_token_hint = String(body['id_token'])
    const silent = await client.signIn(visit, { prompt: 'none', id_token_hint })
    expect(silent.claims).toMatchObject({ sub: claims.sub, auth_time: claims['auth_time'] })
  })
})

describe('no code comes', () => {
  test('of prompt=none where nobody is signed in', async () => {
    const answer = await answerTo({ prompt: 'none' }, client.newBrowser())
    expect(answer).toMatchObject({ error: 'login_required', state: 'S', iss: server.url })
  })

  test('when the person declines', async () => {
    const other = await registerPlanClient(server)
    const page = await visit.open(other.pathOf({ prompt: 'consent' }))
    const { location } = await visit.submit(page, { decision: 'deny' })
    const { error, state, code, kept } = Object.fromEntries(location.searchParams)
    expect({ error, state, code, kept }).toEqual({ error: 'access_denied', state: 'S', kept: 'yes' })
  })

  test('without a response_type', async () => {
    expect(await answerTo({ response_type: '' })).toMatchObject({ error: 'invalid_request', state: 'S' })
  })

  test.each([
    ['another query', 'https://rp.example/callback?kept=no'],
    ['an added query', `${redirect_uri}&more=1`],
    ['no query', 'https://rp.example/callback'],
    ['another path', 'https://rp.example/other?kept=yes'],
  ])('to a redirect URI with %s, and the browser is led nowhere', async (_what, changed) => {
    const { status, headers, text } = await visit.open(client.pathOf({ redirect_uri: changed }))
    expect({ status, location: headers.get('location') }).toEqual({ status: 400, location: null })
    expect(text).toContain('This link leads to the wrong place')
  })

  /** The plans leave their modules of unsigned objects out where discovery does not name `none`. */
  test('of a request object that nobody signed, which discovery does not offer', async () => {
    const { body } = await client.send('/.well-known/openid-configuration')
    expect(body['request_object_signing_alg_values_supported']).not.toContain('none')
    const request = new UnsecuredJWT({ redirect_uri, response_type: 'code', scope: 'openid' }).encode()
    const answer = await visit.open(client.pathOf({ request }))
    expect(answer.location.searchParams.has('code')).toBe(false)
    expect(answer.text + answer.location.search).toMatch(/invalid_request_object|cannot be read/)
  })
})

describe('claims of the person', () => {
  test.each([
    ['in the header of a GET', (token: unknown) => bearer(token)],
    ['in the header of a POST', (token: unknown) => ({ ...bearer(token), method: 'POST' })],
    ['in the body of a POST', (token: unknown) => form({ access_token: String(token) })],
  ])('come with the token %s', async (_where, carrying) => {
    const { body } = await client.signIn(visit, { scope: 'openid address phone' })
    const userinfo = await client.send('/oauth/userinfo', carrying(body['access_token']))
    expect(userinfo.body).toMatchObject({
      sub: 'alice',
      address: { country: 'GB' },
      phone_number: '+44 1865 000000',
    })
  })

  test('come when one is asked for by name, essential or not', async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } }, id_token: { email: null } })
    const signedIn = await client.signIn(visit, { claims })
    const userinfo = await client.send('/oauth/userinfo', bearer(signedIn.body['access_token']))
    expect(userinfo.body).toEqual({ sub: 'alice', name: 'Alice Wonder' })
    expect(signedIn.claims).toMatchObject({ email: 'alice@example.com' })
  })
})

describe('what a client holds', () => {
  test('a code works once, and its second use ends the tokens of the first', async () => {
    const { location } = await travel(visit, client.pathOf(), server.demo.user)
    const code = location.searchParams.get('code') ?? ''
    const first = await client.redeem(code)
    expect(await client.redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const { status } = await client.send('/oauth/userinfo', bearer(first.body['access_token']))
    expect(status).toBe(401)
  })

  test('a refresh token gives an ID token about the same sign-in, and is worth nothing to another', async () => {
    const { body, claims } = await client.signIn(visit)
    const grant = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) }
    const other = await registerPlanClient(server, { grant_types: ['authorization_code', 'refresh_token'] })
    expect(await other.token(grant)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const renewed = await client.token(grant)
    const { iss, sub, aud, auth_time } = claims
    expect(await client.verify(renewed.body['id_token'])).toMatchObject({ iss, sub, aud, auth_time })
  })
})
