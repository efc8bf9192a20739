import { describe, expect, test } from 'vitest'

import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { redemptionOf, requestOf } from '../../support/oauth/world.ts'

/** Claims that the client demands, as the parameter has them. */
function claims(id_token: object): { readonly claims: string } {
  return { claims: JSON.stringify({ id_token }) }
}

describe('whoever wants a code that a person did not allow', () => {
  test('asks silently where consent was never given, and gets none', async () => {
    const { register, client, ask } = await requestWorld()
    await register({ ...client, first_party: false })
    expect(heard(await ask({ prompt: 'none' }))).toMatchObject({ error: 'consent_required' })
  })

  test('asks silently where nobody is signed in, and gets none', async () => {
    const { authorize, client } = await requestWorld()
    expect(heard(await authorize({ ...requestOf(client), prompt: 'none' }))).toMatchObject({
      error: 'login_required',
    })
  })

  /** The instant is in the address, where whoever sits at the browser can write. */
  test('moves the beginning of the request into the past, and the sign-in is still asked for', async () => {
    const { ask } = await requestWorld()
    const { location } = await ask({ max_age: '0' })
    const back = new URLSearchParams((location.searchParams.get('continue') ?? '').split('?')[1])
    const [instant = '', , mac = ''] = (back.get('requested_at') ?? '').split('.')
    const forged = `${Number(instant) - 600}.${'A'.repeat(22)}.${mac}`
    expect(heard(await ask({ max_age: '0', requested_at: forged }))).toEqual({ onward: '/sign-in' })
  })

  test('shows the ID token that another client has as a hint, and gets none', async () => {
    const { ask, register, client, codeFor, token, cookie } = await requestWorld()
    const other = await register({ ...client, client_id: 'other' })
    const { body } = await token(redemptionOf(other, await codeFor(other, cookie)))
    const answer = await ask({ prompt: 'none', id_token_hint: String(body.id_token) })
    expect(heard(answer)).toMatchObject({ error: 'invalid_request' })
  })

  test('has a hint about somebody else while another is signed in, and gets no code for the wrong one', async () => {
    const { authorize, client, codeFor, token, cookie, cookieOf, person } = await requestWorld()
    const { body } = await token(redemptionOf(client, await codeFor(client, cookie)))
    const mallory = await cookieOf(await person('mallory'))
    const id_token_hint = String(body.id_token)
    const answer = await authorize({ ...requestOf(client), prompt: 'none', id_token_hint }, mallory)
    expect(heard(answer)).toMatchObject({ error: 'login_required' })
  })

  test('demands the sub of one person while another is signed in, and gets no code for the wrong one', async () => {
    const { ask } = await requestWorld()
    const demanded = claims({ sub: { essential: true, value: 'mallory' } })
    expect(heard(await ask({ prompt: 'none', ...demanded }))).toMatchObject({ error: 'login_required' })
    expect(heard(await ask(demanded))).toEqual({ onward: '/sign-in' })
  })

  test('has a password only where the client demands two factors, and gets none', async () => {
    const { ask } = await requestWorld()
    const acr = { essential: true, values: ['urn:gatewright:acr:multi-factor'] }
    expect(heard(await ask(claims({ acr })))).toMatchObject({ error: 'unmet_authentication_requirements' })
  })

  test('names a level that is nobody’s beside the one that is demanded, and it counts for nothing', async () => {
    const { ask } = await requestWorld()
    const acr = { essential: true, values: ['urn:example:nothing'] }
    const beside = { acr_values: 'urn:gatewright:acr:single-factor' }
    expect(heard(await ask({ ...claims({ acr }), ...beside }))).toMatchObject({
      error: 'unmet_authentication_requirements',
    })
  })
})
