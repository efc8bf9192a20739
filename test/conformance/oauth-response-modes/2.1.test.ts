import { describe, expect, test } from 'vitest'

import { responseModes } from '../../../src/oauth/authorize/response-mode.ts'
import { heard, requestWorld } from '../../support/oauth/request-world.ts'

const code = expect.stringMatching(/^gwc_/)

describe('OAuth 2.0 Multiple Response Type Encoding Practices §2.1', () => {
  test('the default of response_type=code is the query', async () => {
    const { ask } = await requestWorld()
    const { location } = await ask({})
    expect(location.searchParams.get('code')).toEqual(code)
    expect(location.hash).toBe('')
  })

  test('response_mode=fragment puts the parameters in the fragment, and none in the query', async () => {
    const { ask } = await requestWorld()
    const answer = await ask({ response_mode: 'fragment' })
    expect(answer.location.search).toBe('')
    expect(heard(answer)).toMatchObject({ code, state: 'state-of-the-app' })
  })

  test('a mode that is not supported is an error, in the default mode', async () => {
    const { ask } = await requestWorld()
    const { location } = await ask({ response_mode: 'web_message' })
    expect(location.searchParams.get('error')).toBe('invalid_request')
    expect(location.searchParams.get('state')).toBe('state-of-the-app')
  })

  test('discovery names every mode that works', async () => {
    const { send } = await requestWorld()
    const { body } = await send('/.well-known/openid-configuration')
    expect(body.response_modes_supported).toEqual([...responseModes])
  })
})
