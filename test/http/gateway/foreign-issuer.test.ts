import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { answers, startLoopback, type Loopback } from '../../support/gateway/loopback.ts'
import { startPublished } from '../../support/gateway/publish.ts'
import { exchange } from '../../support/gateway/wire.ts'
import type { TestServer } from '../../support/server.ts'

const AUDIENCE = 'https://api.example.com'

/** Tokens of another issuer whose keys are really fetched, and one that says nothing for ever. */
describe('issuers over HTTP', () => {
  let server: TestServer
  let loopback: Loopback
  let privateKey: CryptoKey

  beforeAll(async () => {
    const pair = await generateKeyPair('RS256', { extractable: true })
    privateKey = pair.privateKey
    const jwks = JSON.stringify({
      keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'theirs', use: 'sig' }],
    })
    loopback = await startLoopback({
      '/jwks': answers('200 OK', ['Content-Type: application/json', 'Cache-Control: max-age=300'], jwks),
      '/redirect': answers('302 Found', ['Location: /jwks']),
      '/api': answers('200 OK', [], 'reached'),
    })
    const issuers = ['jwks', 'redirect']
    server = await startPublished({
      upstreams: [{ name: 'loopback', origin: loopback.origin }],
      trusted_issuers: issuers.map((name) => ({
        issuer: `https://${name}.example.com`,
        jwks_uri: `${loopback.origin}/${name}`,
        audience: AUDIENCE,
        algorithms: ['RS256'],
      })),
      routes: [
        {
          method: 'GET',
          path: '/api',
          upstream: 'loopback',
          authentication: { api_key: false, tokens: issuers.map((name) => `https://${name}.example.com`) },
          scopes: ['read'],
        },
      ],
    })
  })
  afterAll(async () => {
    await server.close()
    await loopback.close()
  })

  const sign = (issuer: string) =>
    new SignJWT({ scope: 'read', client_id: 'app' })
      .setProtectedHeader({ alg: 'RS256', kid: 'theirs', typ: 'at+jwt' })
      .setIssuer(`https://${issuer}.example.com`)
      .setAudience(AUDIENCE)
      .setSubject('user-7')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
  const get = (token: string) => exchange(server.url, ['GET /api HTTP/1.1', `Authorization: Bearer ${token}`])
  const asked = (path: string) => loopback.arrivals.filter(({ target }) => target === path).length

  test('a token is taken, and the keys are fetched once for all that follow', async () => {
    for (let at = 0; at < 5; at += 1) expect((await get(await sign('jwks'))).body).toBe('reached')
    expect(asked('/jwks')).toBe(1)
    expect(asked('/api')).toBe(5)
  })

  /** It could lead from the address that the operator wrote down to one that only the gateway can reach. */
  test('a key set is not followed to another address', async () => {
    const before = [asked('/api'), asked('/jwks')]
    expect((await get(await sign('redirect'))).status).toBe(503)
    expect(asked('/redirect')).toBe(1)
    expect([asked('/api'), asked('/jwks')]).toEqual(before)
  })
})
