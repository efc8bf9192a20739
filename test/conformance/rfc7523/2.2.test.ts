import { describe, expect, test } from 'vitest'

import { assertionWorld } from '../../support/clients/assertion-world.ts'

const grant_type = 'client_credentials'
const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

describe('RFC 7523 §2.2, JWTs for client authentication', () => {
  test('the value of client_assertion_type is urn:ietf:params:oauth:client-assertion-type:jwt-bearer', async () => {
    const { token, signed } = await assertionWorld()
    const client_assertion = await signed()
    const other = { client_assertion_type: 'jwt-bearer' }
    expect(await token({ grant_type, client_assertion, ...other })).toMatchObject({ status: 401 })
    expect(await token({ grant_type, client_assertion, client_assertion_type })).toMatchObject({
      status: 200,
    })
  })

  test('client_assertion contains a single JWT and MUST NOT contain more than one', async () => {
    const { token, signed } = await assertionWorld()
    const client_assertion = `${await signed()} ${await signed()}`
    expect(await token({ grant_type, client_assertion, client_assertion_type })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })
})
