import { describe, expect, test } from 'vitest'

import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { issuer, requestOf } from '../../support/oauth/world.ts'

describe('RFC 8707 §2.1, resource in the authorization request', () => {
  async function askFor(...resources: readonly string[]) {
    const { send, client, cookie } = await requestWorld()
    const query = new URLSearchParams(requestOf(client))
    for (const resource of resources) query.append('resource', resource)
    return heard(await send(`/oauth/authorize?${query.toString()}`, { headers: { cookie } }))
  }

  test('resource MAY come several times', async () => {
    expect(await askFor(issuer, issuer)).toMatchObject({ code: expect.stringMatching(/^gwc_/) })
  })

  test.each(['/relative', `${issuer}/#fragment`, 'https://nobody.example/'])(
    'what is not an absolute URI without a fragment, or not known here, is invalid_target: %s',
    async (resource) => {
      expect(await askFor(issuer, resource)).toMatchObject({ error: 'invalid_target' })
    },
  )
})
