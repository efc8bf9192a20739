import { describe, expect, test } from 'vitest'

import { codeWorld } from '../../support/oauth/code-world.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import { redemptionOf } from '../../support/oauth/world.ts'
import { AuthenticatorApp } from '../../support/people/factors.ts'

describe('whoever got tokens with the password alone', () => {
  test('refreshes none of them once the owner has set up a second factor', async () => {
    const { client, code, cookie, token, send } = await codeWorld()
    const { body } = await token(redemptionOf(client, code))
    const visit = newVisit(send)
    visit.keep(...sessionIn(cookie))
    const page = await visit.open('/account/security/app')
    await visit.submit(page, { code: AuthenticatorApp.on({ html: page.text }).code() })
    const refresh_token = String(body.refresh_token)
    const refresh = { grant_type: 'refresh_token', client_id: client.client_id, refresh_token }
    expect(await token(refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const headers = { authorization: `Bearer ${String(body.access_token)}` }
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 401 })
  })
})

function sessionIn(cookie: string): [name: string, value: string] {
  const [name = '', value = ''] = cookie.split('=')
  return [name, value]
}
