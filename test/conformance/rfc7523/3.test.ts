import { describe, expect, test } from 'vitest'

import { assertionWorld, clientKey } from '../../support/clients/assertion-world.ts'
import { issuer } from '../../support/oauth/world.ts'

const REFUSED = '401 invalid_client'

function now(): number {
  return Math.floor(Date.now() / 1000)
}

describe('RFC 7523 §3, what an assertion must be like', () => {
  test('the JWT MUST contain an iss', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { iss: undefined } })).toBe(REFUSED)
    expect(await attempt()).toBe('granted')
  })

  test('the JWT MUST contain a sub, which for client authentication MUST be the client_id', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { sub: undefined } }, { client_id: 'robot' })).toBe(REFUSED)
    expect(await attempt({ claims: { sub: 'https://robot.example' } }, { client_id: 'robot' })).toBe(REFUSED)
  })

  test('the JWT MUST contain an aud that identifies this server; the token endpoint may be used', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { aud: undefined } })).toBe(REFUSED)
    for (const aud of [issuer, `${issuer}/oauth/token`, [issuer, 'https://other.example']]) {
      expect(await attempt({ claims: { aud } })).toBe('granted')
    }
  })

  test('the server MUST reject a JWT that does not contain its own identity as an audience', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { aud: 'https://other.example' } })).toBe(REFUSED)
    expect(await attempt({ claims: { aud: `${issuer}/oauth/authorize` } })).toBe(REFUSED)
  })

  test('the JWT MUST contain an exp, and MUST be rejected after it, but for small differences of clocks', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { exp: undefined } })).toBe(REFUSED)
    expect(await attempt({ claims: { exp: now() - 60 } })).toBe(REFUSED)
    expect(await attempt({ claims: { exp: now() - 5 } })).toBe('granted')
  })

  test('the server may reject a JWT whose exp is unreasonably far in the future', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { exp: now() + 300 } })).toBe('granted')
    expect(await attempt({ claims: { exp: now() + 600 } })).toBe(REFUSED)
  })

  test('a JWT MUST NOT be accepted before its nbf', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { nbf: now() + 90 } })).toBe(REFUSED)
    expect(await attempt({ claims: { nbf: now() - 90 } })).toBe('granted')
  })

  test('a JWT may contain an iat', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { iat: undefined } })).toBe('granted')
  })

  test('a JWT whose jti was used MUST be taken for a replay', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { jti: 'once' } })).toBe('granted')
    expect(await attempt({ claims: { jti: 'once' } })).toBe(REFUSED)
  })

  test('a JWT may contain other claims', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { 'https://robot.example/more': [1] } })).toBe('granted')
  })

  test('the JWT MUST be signed, and one with an invalid signature MUST be rejected', async () => {
    const { attempt, present, signed } = await assertionWorld()
    const { privateKey } = await clientKey()
    expect(await attempt({ key: privateKey })).toBe(REFUSED)
    const [header = '', claims = ''] = (await signed()).split('.')
    expect(await present(`${header}.${claims}.`)).toMatchObject({ status: 401 })
  })

  test('a JWT that is not valid in every other respect MUST be rejected', async () => {
    const { present } = await assertionWorld()
    for (const text of ['x', 'a.b', 'a.b.c', 'a.b.c.d.e']) {
      expect(await present(text)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
  })
})
