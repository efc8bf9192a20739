import { describe, expect, test } from 'vitest'

import { parWorld } from '../../support/oauth/par-world.ts'
import { heard } from '../../support/oauth/request-world.ts'
import { requestOf } from '../../support/oauth/world.ts'

describe('whoever has seen the request_uri of a pushed request', () => {
  test('brings it for another client, and gets no code', async () => {
    const { pushed, visit } = await parWorld()
    expect(heard(await visit(await pushed(), 'service'))).toEqual({ page: '400' })
  })

  test('writes parameters beside it, and none of them counts', async () => {
    const { pushed, visit } = await parWorld()
    const beside = { state: 'of the attacker', redirect_uri: 'https://evil.example/', scope: 'openid' }
    expect(heard(await visit(await pushed(), 'app', beside))).toMatchObject({
      code: expect.any(String),
      state: 'state-of-the-app',
    })
  })

  /** RFC 9126 §7.3. */
  test('completes it in many tabs at once, and one code comes of it', async () => {
    const { pushed, visit } = await parWorld()
    const request_uri = await pushed()
    const answers = await Promise.all(Array.from({ length: 8 }, () => visit(request_uri)))
    expect(answers.map(heard).filter(({ code }) => code !== undefined)).toHaveLength(1)
  })

  test('completes it again, and gets no second code', async () => {
    const { pushed, visit } = await parWorld()
    const request_uri = await pushed()
    expect(heard(await visit(request_uri))).toMatchObject({ code: expect.any(String) })
    expect(heard(await visit(request_uri))).toEqual({ page: '400' })
  })

  test('sends the same request without pushing it for a client that pushes, and gets no code', async () => {
    const { authorize, app, cookie } = await parWorld({ require_pushed_authorization_requests: true })
    expect(heard(await authorize(requestOf(app), cookie))).toMatchObject({ error: 'invalid_request' })
  })

  test('names one request by value and one by reference, and gets no code', async () => {
    const { pushed, visit } = await parWorld()
    expect(heard(await visit(await pushed(), 'app', { request: 'e30.e30.e30' }))).toEqual({ page: '400' })
  })
})
