import { describe, expect, test } from 'vitest'

import { frontChannelUri, logoutWorld, signedOutUri } from '../../support/oauth/logout-world.ts'
import { claimsIn } from '../../support/oauth/logout-world.ts'
import { issuer } from '../../support/oauth/world.ts'

/** The page that a person is shown whose app wants to hear of it in a frame. */
async function framePage() {
  const world = await logoutWorld({ frontchannel_logout_uri: frontChannelUri })
  const { id_token } = await world.tokens()
  const request = { id_token_hint: id_token, post_logout_redirect_uri: signedOutUri }
  const page = await world.logout(request)
  const [, source = ''] = /<iframe src="([^"]+)"/.exec(page.text) ?? []
  return { page, id_token, frame: new URL(source.replaceAll('&amp;', '&')) }
}

describe('OpenID Connect Front-Channel Logout 1.0 §2', () => {
  test('the registered query is retained, and iss and sid are added', async () => {
    const { frame, id_token } = await framePage()
    expect(frame.origin + frame.pathname).toBe('https://app.example/front-channel')
    expect(Object.fromEntries(frame.searchParams)).toEqual({
      by: 'us',
      iss: issuer,
      sid: claimsIn(id_token)['sid'],
    })
  })
})

describe('OpenID Connect Front-Channel Logout 1.0 §3', () => {
  test('the OP renders a frame of each client on a page of its own, which may be framed by nobody', async () => {
    const { page } = await framePage()
    expect(page.headers.get('content-security-policy')).toMatch(
      /frame-ancestors 'none'.*frame-src https:\/\/app\.example$/,
    )
  })

  test('discovery says that frames are loaded, and that they carry sid', async () => {
    const { send } = await logoutWorld()
    expect((await send('/.well-known/openid-configuration')).body).toMatchObject({
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
    })
  })
})
