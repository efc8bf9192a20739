import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { newApplication, travel } from '../../support/flows/application.ts'
import { bearer, form, json, newSender } from '../../support/flows/sender.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import type { Send } from '../../support/oauth/answer.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let server: TestServer
let send: Send

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
})

afterAll(() => server.close())

/** The first two steps in a browser, as far as base64url goes: what is hashed is the text of the verifier. */
async function makeChallenge() {
  const base64url = (bytes: Uint8Array) =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  const code_verifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code_verifier))
  return { code_verifier, code_challenge: base64url(new Uint8Array(digest)) }
}

describe('the guide’s browser application', () => {
  test('signs a person in by its five steps, with forms that need no script', async () => {
    const { client_id, redirect_uri } = server.demo.spa
    const { code_verifier, code_challenge } = await makeChallenge()
    const url = new URL('/oauth/authorize', server.url)
    url.searchParams.set('response_type', 'code')
    url.searchParams.set('client_id', client_id)
    url.searchParams.set('redirect_uri', redirect_uri)
    url.searchParams.set('scope', 'openid profile email')
    url.searchParams.set('state', 'made-up-at-random')
    url.searchParams.set('code_challenge', code_challenge)
    url.searchParams.set('code_challenge_method', 'S256')

    const visit = newVisit(send)
    const signIn = await visit.open(`${url.pathname}${url.search}`)
    expect(signIn.text).toContain('Sign in')
    const consent = await visit.submit(signIn, { ...server.demo.user })
    expect(consent.text).toContain('Demo application')
    const { location } = await visit.submit(consent, { decision: 'allow' })
    expect(`${location.origin}${location.pathname}`).toBe(redirect_uri)
    expect(location.searchParams.get('state')).toBe('made-up-at-random')

    const code = location.searchParams.get('code') ?? ''
    const exchange = { grant_type: 'authorization_code', code, client_id, redirect_uri, code_verifier }
    const tokens = await send('/oauth/token', form(exchange))
    expect(tokens).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } })
    const { access_token, refresh_token, id_token } = tokens.body
    expect(decodeJwt(String(id_token))).toMatchObject({ iss: server.url, aud: client_id, sub: 'alice' })

    expect(await send('/oauth/userinfo', bearer(access_token))).toMatchObject({
      status: 200,
      body: { sub: 'alice', name: 'Alice Wonder', email: 'alice@example.com' },
    })

    const again = { grant_type: 'refresh_token', refresh_token: String(refresh_token), client_id }
    const renewed = await send('/oauth/token', form(again))
    expect(renewed.status).toBe(200)
    expect(renewed.body.refresh_token).not.toBe(refresh_token)
    expect(await send('/oauth/userinfo', bearer(renewed.body.access_token))).toMatchObject({ status: 200 })
  })

  /** The guide compares `state` itself; here it is the server that must hand it back, also beside an error. */
  test('hears of a person who declines, beside its own state, and gets no code', async () => {
    const application = newApplication(send, server.demo.spa)
    const trip = application.beginTrip('openid', { prompt: 'consent' })
    const visit = newVisit(send)
    const consent = await visit.submit(await visit.open(trip.path), { ...server.demo.user })
    const { location } = await visit.submit(consent, { decision: 'deny' })
    expect(Object.fromEntries(location.searchParams)).toEqual({
      error: 'access_denied',
      error_description: expect.any(String),
      state: trip.state,
      iss: server.url,
    })
  })

  test('may be served from another origin: its token and userinfo requests are answered across origins', async () => {
    const headers = { origin: server.spaOrigin }
    const token = await send('/oauth/token', { ...form({ grant_type: 'authorization_code' }), headers })
    expect(token.headers.get('access-control-allow-origin')).toBe('*')
    const userinfo = await send('/oauth/userinfo', { headers })
    expect(userinfo.headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('the guide’s mobile applications', () => {
  /** AppAuth adds PKCE, `state` and `nonce` by itself; the redirect is the private-use scheme of the iOS sample. */
  test('sign a person in over a redirect to a private-use scheme', async () => {
    const redirect_uri = 'com.yourapp:/oauth'
    const registration = await send(
      '/oauth/register',
      json({
        client_name: 'Your app',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirect_uri],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile email',
      }),
    )
    expect(registration.status).toBe(201)
    const client_id = String(registration.body.client_id)
    const application = newApplication(send, { client_id, redirect_uri })
    const trip = application.beginTrip('openid profile email', { nonce: 'of-this-trip' })
    const arrival = await travel(newVisit(send), trip.path, server.demo.user)
    expect(arrival.location.protocol).toBe('com.yourapp:')
    const code = application.readArrival(arrival, trip)
    const { status, body } = await application.redeem(code, trip.code_verifier)
    expect(status).toBe(200)
    expect(decodeJwt(String(body.id_token))).toMatchObject({ aud: client_id, nonce: 'of-this-trip' })
    expect(await application.refresh(body.refresh_token)).toMatchObject({ status: 200 })
  })
})
