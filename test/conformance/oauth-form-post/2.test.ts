import { describe, expect, test } from 'vitest'

import type { Answer } from '../../support/oauth/answer.ts'
import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { actionOf, hiddenFields } from '../../support/people/form.ts'
import { issuer } from '../../support/oauth/world.ts'

function posted({ text: html, status }: Answer) {
  return { status, to: actionOf({ html }), ...hiddenFields({ html }) }
}

describe('GET /oauth/authorize 200', () => {
  test('OAuth 2.0 Form Post Response Mode §2: parameters are in a form that posts itself to the client', async () => {
    const { ask } = await requestWorld()
    const answer = await ask({ response_mode: 'form_post' })
    expect(posted(answer)).toEqual({
      status: 200,
      to: 'https://app.example/callback',
      code: expect.stringMatching(/^gwc_/),
      state: 'state-of-the-app',
      iss: issuer,
    })
    expect(answer.text).toContain('<script>document.forms[0].submit()</script>')
  })

  test('so are errors', async () => {
    const { ask } = await requestWorld()
    expect(posted(await ask({ response_mode: 'form_post', prompt: 'none login' }))).toMatchObject({
      status: 200,
      error: 'invalid_request',
      state: 'state-of-the-app',
      iss: issuer,
    })
  })

  test('a person without script has a button', async () => {
    const { ask } = await requestWorld()
    expect((await ask({ response_mode: 'form_post' })).text).toMatch(/<button type="submit">Continue</)
  })

  test('§4 the page MUST NOT be kept by a cache', async () => {
    const { ask } = await requestWorld()
    const { headers } = await ask({ response_mode: 'form_post' })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('location')).toBeNull()
  })
})

describe('POST /consent 200', () => {
  test('a person who allows it is taken on by the same form', async () => {
    const { ask, send, register, client, cookie } = await requestWorld()
    await register({ ...client, first_party: false })
    const asked = await ask({ response_mode: 'form_post' })
    expect(heard(asked)).toEqual({ onward: '/consent' })
    const path = asked.location.pathname + asked.location.search
    const { text: html } = await send(path, { headers: { cookie } })
    const body = new URLSearchParams({ ...hiddenFields({ html }), decision: 'allow' })
    const answer = await send(actionOf({ html }), { method: 'POST', body, headers: { cookie } })
    expect(posted(answer)).toMatchObject({ status: 200, code: expect.stringMatching(/^gwc_/) })
  })
})
