import { describe, expect, test } from 'vitest'

import { assertionType } from '../../../src/clients/client-assertion.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { assertionOf, assertionWorld, clientKey } from '../../support/clients/assertion-world.ts'
import { confidentialClient } from '../../support/oauth/clients.ts'
import { basic, newWorld } from '../../support/oauth/world.ts'

const grant_type = 'client_credentials'
const SECRET = 'the secret of the service'

/** The attacker chooses how to authenticate; what was registered decides whether it may. */
describe('the method that a client registered', () => {
  test('a client with a secret is not let in by its name alone', async () => {
    const { token, register } = await newWorld()
    await register(confidentialClient(sha256(SECRET)))
    const answer = await token({ grant_type, client_id: 'service', scope: 'read' })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('a client with keys is not let in by a secret that it once had', async () => {
    const { token, register, client } = await assertionWorld()
    await register({ ...client, client_secret_digest: sha256(SECRET) })
    const answers = [
      await token({ grant_type, client_id: 'robot', client_secret: SECRET }),
      await token({ grant_type }, basic('robot', SECRET)),
    ]
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
  })

  test('a client with keys is not let in by its name alone', async () => {
    const { token } = await assertionWorld()
    const answer = await token({ grant_type, client_id: 'robot' })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('an assertion beside a secret is refused, whichever of them is right', async () => {
    const { present, signed } = await assertionWorld()
    const answer = await present(await signed(), { client_id: 'robot', client_secret: 'x' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('an assertion of one client does not speak for another that the request names', async () => {
    const { present, register, client } = await assertionWorld()
    const other = await clientKey()
    await register({
      ...client,
      client_id: 'other',
      metadata: { ...client.metadata, jwks: { keys: [{ ...other.jwk }] } },
    })
    const assertion = await assertionOf('other', other)
    expect(await present(assertion, { client_id: 'robot' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })

  test('a method that is unknown is no method', async () => {
    const { token, signed } = await assertionWorld()
    const client_assertion_type = assertionType.replace('jwt-bearer', 'saml2-bearer')
    const answer = await token({ grant_type, client_assertion: await signed(), client_assertion_type })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })
})

describe('the names of clients', () => {
  /** Names that are made up must not be counted together while those that exist are counted one by one. */
  test('failures do not tell which clients exist', async () => {
    const { token, register } = await newWorld()
    await register(confidentialClient(sha256(SECRET)))
    const fail = async (client_id: string) =>
      (await token({ grant_type, client_id, client_secret: 'wrong' })).status
    const names = Array.from({ length: 200 }, (_, at) => `made-up-${at}`)
    const group = (name: string) => sha256(name).slice(0, 1)
    const [first = '', second = ''] = names.filter(
      (name, at) =>
        group(name) !== group('service') && names.findIndex((other) => group(other) === group(name)) === at,
    )
    for (let at = 0; at < 20; at += 1) await fail(first)
    expect([await fail(first), await fail(second), await fail('service')]).toEqual([429, 401, 401])
  })
})
