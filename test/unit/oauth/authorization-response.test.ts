import { describe, expect, test } from 'vitest'

import { errorResponse, responseUrl } from '../../../src/oauth/authorize/authorization-response.ts'

import { defaultResponseMode } from '../../../src/oauth/authorize/response-mode.ts'
import { publicClient } from '../../support/oauth/clients.ts'

const issuer = 'https://id.example'

describe('the URL of an authorization response', () => {
  test('keeps the query of the redirect URI as it was registered', () => {
    expect(responseUrl('https://app.example/cb?a=%7E&b', { code: 'x', iss: issuer })).toBe(
      'https://app.example/cb?a=%7E&b&code=x&iss=https%3A%2F%2Fid.example',
    )
  })

  test('does not rewrite what a URL parser would', () => {
    expect(responseUrl('com.yourapp:/oauth', { code: 'x' })).toBe('com.yourapp:/oauth?code=x')
    expect(responseUrl('https://APP.example:443', { code: 'x' })).toBe('https://APP.example:443?code=x')
  })

  test('carries the state back exactly, whatever it holds', () => {
    const state = `~ &=+%25#?"'<>\\/é☃${'s'.repeat(1_000)}`
    const url = new URL(responseUrl('https://app.example/cb', { state }))
    expect(url.searchParams.get('state')).toBe(state)
    expect(url.hash).toBe('')
  })

  test('leaves out a state that was not sent', () => {
    const recipient = {
      client: publicClient(),
      redirect_uri: 'https://app.example/cb',
      response_mode: defaultResponseMode,
      state: undefined,
    }
    const { parameters } = errorResponse('access_denied', recipient)
    expect(responseUrl(recipient.redirect_uri, parameters)).toBe(
      'https://app.example/cb?error=access_denied&error_description=the+person+declined',
    )
  })
})
