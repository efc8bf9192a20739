import express from 'express'
import { auth, requiresAuth, type ConfigParams } from 'express-openid-connect'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { travel, type Visit } from '../../support/flows/application.ts'
import { listen, type Listening } from '../../support/flows/page-server.ts'
import { json, newSender } from '../../support/flows/sender.ts'
import type { Send } from '../../support/oauth/answer.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let server: TestServer
let send: Send
let application: Listening
/** One browser, as it is at the provider and at the application. */
let provider: Visit
let app: Visit

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
  const site = express()
  application = await listen(site)
  const { origin } = application
  const { body } = await send(
    '/oauth/register',
    json({
      client_name: 'Web shop',
      redirect_uris: [`${origin}/callback`],
      post_logout_redirect_uris: [origin],
      backchannel_logout_uri: `${origin}/backchannel-logout`,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid profile email',
    }),
  )
  site.use(auth(settingsFor(String(body['client_id']), String(body['client_secret']))))
  site.get('/', ({ oidc }, answer) => void answer.json({ isSignedIn: oidc.isAuthenticated() }))
  site.get('/profile', requiresAuth(), async ({ oidc }, answer) => {
    answer.json({ user: oidc.user, userinfo: await oidc.fetchUserInfo() })
  })
  site.get('/refresh', requiresAuth(), async ({ oidc }, answer) => {
    const before = oidc.accessToken
    const after = await before?.refresh()
    answer.json({ isNew: after !== undefined && after.access_token !== before?.access_token })
  })
})

afterAll(() => Promise.all([server.close(), application.close()]))

beforeEach(() => {
  provider = newVisit(send)
  app = newVisit(newSender(application.origin))
})

const Claims = z.looseObject({ sid: z.string() })

/** As the library's guide has it for the code flow, with both kinds of logout. */
function settingsFor(clientID: string, clientSecret: string): ConfigParams {
  const signedOut = new Set<string>()
  return {
    issuerBaseURL: server.url,
    baseURL: application.origin,
    clientID,
    clientSecret,
    secret: 'of the application alone, for its cookies',
    clientAuthMethod: 'client_secret_basic',
    authorizationParams: { response_type: 'code', scope: 'openid profile email' },
    authRequired: false,
    idpLogout: true,
    backchannelLogout: {
      onLogoutToken: (token) => void signedOut.add(Claims.parse(token).sid),
      isLoggedOut: ({ oidc }) => signedOut.has(Claims.parse(oidc.idTokenClaims).sid),
      onLogin: false,
    },
  }
}

/** Through the application to the provider, and back with what it answers. */
async function signIn(): Promise<void> {
  const away = await app.open('/login')
  const { pathname, search } = away.location
  const arrival = await travel(provider, `${pathname}${search}`, server.demo.user)
  const { location } = await app.open(`${arrival.location.pathname}${arrival.location.search}`)
  expect(location.pathname).toBe('/')
}

async function isSignedIn(): Promise<unknown> {
  return (await app.open('/')).body['isSignedIn']
}

describe('express-openid-connect', () => {
  test('signs a person in, reads who it is, and refreshes', async () => {
    expect(await isSignedIn()).toBe(false)
    await signIn()
    expect(await isSignedIn()).toBe(true)
    expect((await app.open('/profile')).body).toMatchObject({
      user: { sub: 'alice', sid: expect.any(String) },
      userinfo: { sub: 'alice', email: 'alice@example.com', name: 'Alice Wonder' },
    })
    expect((await app.open('/refresh')).body).toEqual({ isNew: true })
  })

  test('signs out here and there', async () => {
    await signIn()
    const { location } = await app.open('/logout')
    const { headers } = await provider.open(`${location.pathname}${location.search}`)
    expect(headers.get('location')).toBe(application.origin)
    expect(await isSignedIn()).toBe(false)
    expect((await provider.open('/account')).text).toContain('type="password"')
  })

  test('believes the logout token of the provider', async () => {
    await signIn()
    expect(await isSignedIn()).toBe(true)
    await provider.submit(await provider.open('/sign-out'), {})
    await expect.poll(isSignedIn, { timeout: 5_000 }).toBe(false)
  })
})
