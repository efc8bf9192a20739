import { describe, expect, test } from 'vitest'

import { requestWorld } from '../../support/oauth/request-world.ts'
import { requestOf } from '../../support/oauth/world.ts'

describe('OpenID Connect Core 1.0 §4, sign-in initiated by a third party', () => {
  test('the login_hint that the client was sent on with is shown at sign-in, and demanded of nobody', async () => {
    const { authorize, send, client } = await requestWorld({
      initiate_login_uri: 'https://app.example.com/login',
    })
    const { location } = await authorize({ ...requestOf(client), login_hint: 'somebody@example.com' })
    const page = await send(location.pathname + location.search)
    expect(page.status).toBe(200)
    expect(page.text).toContain('value="somebody@example.com"')
  })
})
