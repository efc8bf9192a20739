import { describe, expect, test } from 'vitest'

import { requestObjectLifetimeSecondsMax } from '../../../src/platform/authorization-bounds.ts'
import { parWorld } from '../../support/oauth/par-world.ts'
import { heard, newSigner, objectOf, requestWorld } from '../../support/oauth/request-world.ts'
import { issuer } from '../../support/oauth/world.ts'

const code = expect.stringMatching(/^gwc_/)

function now(): number {
  return Math.floor(Date.now() / 1000)
}

describe('RFC 9101 §4 to §6, JWT-secured authorization requests', () => {
  test('§4 aud may hold several audiences, this server among them', async () => {
    const { askSigned } = await requestWorld()
    expect(heard(await askSigned({ aud: ['https://other.example', issuer] }))).toMatchObject({ code })
  })

  test('§5 client_id beside the object is REQUIRED', async () => {
    const { authorize, client, signer, cookie } = await requestWorld()
    const request = await signer.sign(objectOf(client))
    expect(heard(await authorize({ request }, cookie))).toEqual({ page: '400' })
  })

  test('§6.3 client_id inside and beside MUST be identical', async () => {
    const { askSigned } = await requestWorld()
    expect(heard(await askSigned({ client_id: 'other' }))).toEqual({ page: '400' })
  })

  test('§6.3 the server MUST only use the parameters in the object, also where one is missing there', async () => {
    const { askSigned } = await requestWorld()
    const answer = heard(await askSigned({ state: undefined }, { state: 'beside' }))
    expect(answer).toMatchObject({ code })
    expect(answer).not.toHaveProperty('state')
    expect(heard(await askSigned({ redirect_uri: undefined }))).toEqual({ page: '400' })
  })

  test('§10.5 a client that registered require_signed_request_object gets no code otherwise', async () => {
    const { ask, askSigned } = await requestWorld({ require_signed_request_object: true })
    expect(heard(await ask({}))).toMatchObject({ error: 'invalid_request' })
    expect(heard(await askSigned())).toMatchObject({ code })
  })

  test('an algorithm other than the registered one is refused', async () => {
    const { askSigned } = await requestWorld({ request_object_signing_alg: 'PS256' })
    expect(heard(await askSigned())).toEqual({ page: '400' })
  })
})

/** FAPI 2.0 Message Signing §5.3.1, at the endpoint where such clients push. */
describe('a request object of a FAPI client', () => {
  async function push(changed: object) {
    const signer = await newSigner('PS256')
    const { push: send, app } = await parWorld({
      profile: 'fapi2',
      jwks: signer.jwks,
      subject_type: 'public',
    })
    const lifetime = { nbf: now(), exp: now() + 300 }
    return send({ request: await signer.sign(objectOf(app, { ...lifetime, ...changed })) })
  }

  test('is taken with a lifetime of an hour', async () => {
    const whole = { nbf: now(), exp: now() + requestObjectLifetimeSecondsMax }
    expect(await push(whole)).toMatchObject({ status: 201 })
  })

  test('is taken when it begins some seconds in the future', async () => {
    expect(await push({ nbf: now() + 8, exp: now() + 308 })).toMatchObject({ status: 201 })
  })

  test.each([
    ['without exp', { exp: undefined }],
    ['without nbf', { nbf: undefined }],
    ['with a lifetime of more than an hour', { exp: now() + requestObjectLifetimeSecondsMax + 600 }],
    ['that began more than an hour ago', { nbf: now() - requestObjectLifetimeSecondsMax - 600 }],
    ['that has expired', { exp: now() - 60 }],
    ['that is for another server', { aud: 'https://other.example' }],
    ['without aud', { aud: undefined }],
    ['that names a request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }],
  ])('is refused %s', async (_, changed) => {
    expect((await push(changed)).body).toMatchObject({ error: 'invalid_request_object' })
  })
})
