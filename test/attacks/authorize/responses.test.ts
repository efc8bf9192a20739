import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { hiddenFields } from '../../support/people/form.ts'
import { issuer, requestOf } from '../../support/oauth/world.ts'

describe('whoever wants a response to go astray', () => {
  const script = '"><script>alert(1)</script><input value="'

  test('writes a script into state, and it does not become part of the page', async () => {
    const { ask } = await requestWorld()
    const { text: html } = await ask({ response_mode: 'form_post', state: script })
    expect(html).not.toContain('<script>alert')
    expect(hiddenFields({ html })['state']).toBe(script)
  })

  test('gets a script into the page all the same, and it would not run', async () => {
    const { ask } = await requestWorld()
    const { headers } = await ask({ response_mode: 'form_post', state: script })
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/; script-src 'sha256-[\w+/=]{44}'$/)
  })

  test('makes the form of the page lead elsewhere, and the browser would not send it', async () => {
    const { ask } = await requestWorld()
    const { headers } = await ask({ response_mode: 'form_post' })
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("form-action 'self' https://app.example;")
    expect(policy).toContain("frame-ancestors 'none'")
  })

  test('asks a FAPI client to be answered where a script of the page reads it, and gets no code', async () => {
    const { post, authorize, client, cookie, signer } = await requestWorld({
      profile: 'fapi2',
      token_endpoint_auth_method: 'private_key_jwt',
    })
    const now = Math.floor(Date.now() / 1000)
    const assertion = { iss: client.client_id, sub: client.client_id, aud: issuer, iat: now, exp: now + 60 }
    const push = async (response_mode: string) =>
      post('/oauth/par', {
        ...requestOf(client),
        response_mode,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await signer.sign({ ...assertion, jti: crypto.randomUUID() }, { typ: 'JWT' }),
      })
    expect((await push('fragment')).body).toMatchObject({ error: 'invalid_request' })
    const { body } = await push('query')
    const request_uri = String(body.request_uri)
    const answer = await authorize({ client_id: client.client_id, request_uri }, cookie)
    expect(heard(answer)).toMatchObject({ code: expect.any(String) })
  })

  /** RFC 9207: a client of two servers must be able to tell whose code it was handed. */
  test('runs another server that the client uses, and cannot pass our response for his', async () => {
    const { ask } = await requestWorld()
    expect(heard(await ask({}))).toMatchObject({ iss: issuer })
    expect(heard(await ask({ response_mode: 'fragment' }))).toMatchObject({ iss: issuer })
    expect(heard(await ask({ scope: 'openid manage' }))).toMatchObject({
      error: 'invalid_scope',
      iss: issuer,
    })
  })

  test('hands the signed response of one client to another, and it says whose it is', async () => {
    const { ask, client } = await requestWorld()
    const { response = '' } = heard(await ask({ response_mode: 'jwt' }))
    expect(decodeJwt(response)).toMatchObject({ aud: client.client_id, iss: issuer })
  })

  test('keeps a signed response for later, and it has an end', async () => {
    const { ask } = await requestWorld()
    const { response = '' } = heard(await ask({ response_mode: 'jwt' }))
    const { exp = Number.POSITIVE_INFINITY } = decodeJwt(response)
    expect(exp - Date.now() / 1000).toBeLessThanOrEqual(600)
  })
})
