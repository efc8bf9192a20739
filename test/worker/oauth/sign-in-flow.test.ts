import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import type { Answer } from '../../support/oauth/answer.ts'
import { publicClient, redirect_uri } from '../../support/oauth/clients.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import { code_verifier, issuer, newWorld, redemptionOf, requestOf } from '../../support/oauth/world.ts'
import { password, person } from '../../support/people/cast.ts'

const credentials = { email: 'alice@example.com', password }

/** An app that somebody opens in a browser that was never here. */
async function visit() {
  const world = await newWorld()
  await person('alice')
  const app = await world.register(publicClient())
  const pathWith = (more = {}) =>
    `/oauth/authorize?${new URLSearchParams({ ...requestOf(app), ...more }).toString()}`
  return { ...world, ...newVisit(world.send), app, pathWith }
}

/** What the app hears when the browser arrives there. */
function arrivalAt({ location }: Answer) {
  expect(location.href.startsWith(`${redirect_uri}?`)).toBe(true)
  return Object.fromEntries(location.searchParams)
}

describe('a person who signs in to an app', () => {
  test('goes from sign-in over consent to the app, which gets tokens, claims and new tokens', async () => {
    const { open, submit, send, token, app, pathWith } = await visit()
    const consent = await submit(await open(pathWith()), credentials)
    expect(consent.text).toContain('Photo Printer')
    const { code = '', state, iss } = arrivalAt(await submit(consent, { decision: 'allow' }))
    expect({ state, iss }).toEqual({ state: 'state-of-the-app', iss: issuer })

    const { body: tokens } = await token({ ...redemptionOf(app, code), code_verifier })
    expect(decodeJwt(String(tokens.id_token))).toMatchObject({
      sub: 'alice',
      nonce: 'nonce-of-the-app',
      amr: ['pwd'],
    })
    const headers = { authorization: `Bearer ${String(tokens.access_token)}` }
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({
      status: 200,
      body: { sub: 'alice', email: 'alice@example.com', name: 'alice Example' },
    })
    const refresh = {
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: String(tokens.refresh_token),
    }
    expect(await token(refresh)).toMatchObject({ status: 200 })
  })

  test('is not asked again for what was allowed, and is for more', async () => {
    const { open, submit, pathWith } = await visit()
    const consent = await submit(await open(pathWith({ scope: 'openid email' })), credentials)
    await submit(consent, { decision: 'allow' })
    expect(arrivalAt(await open(pathWith({ scope: 'openid' })))).toHaveProperty('code')
    expect(arrivalAt(await open(pathWith({ scope: 'email openid', prompt: 'none' })))).toHaveProperty('code')
    expect((await open(pathWith({ scope: 'openid email read' }))).text).toContain('Photo Printer')
  })

  test('may decline, which the app hears', async () => {
    const { open, submit, pathWith } = await visit()
    const consent = await submit(await open(pathWith()), credentials)
    expect(arrivalAt(await submit(consent, { decision: 'deny' }))).toMatchObject({
      error: 'access_denied',
      state: 'state-of-the-app',
      iss: issuer,
    })
    expect(arrivalAt(await open(pathWith({ prompt: 'none' })))).toMatchObject({ error: 'consent_required' })
  })

  /** The loop of `prompt=login`: sign-in leads back to a request that asks for a sign-in. */
  test('signs in once more for prompt=login, and then arrives', async () => {
    const { open, submit, pathWith } = await visit()
    const consent = await submit(await open(pathWith()), credentials)
    await submit(consent, { decision: 'allow' })
    const again = await open(pathWith({ prompt: 'login' }))
    expect(again.text).toContain('type="password"')
    expect(arrivalAt(await submit(again, credentials))).toHaveProperty('code')
  })

  test('signs in once more and consents once more for both prompts', async () => {
    const { open, submit, pathWith } = await visit()
    await submit(await submit(await open(pathWith()), credentials), { decision: 'allow' })
    const consent = await submit(await open(pathWith({ prompt: 'login consent' })), credentials)
    expect(arrivalAt(await submit(consent, { decision: 'allow' }))).toHaveProperty('code')
  })

  /** The consent page of an old tab is not a way around the sign-in that the client asked for. */
  test('does not get past prompt=login over the consent page', async () => {
    const { open, submit, pathWith } = await visit()
    await submit(await open(pathWith()), credentials)
    const path = pathWith({ prompt: 'login' }).replace('/oauth/authorize', '/consent')
    const answer = await submit(await open(path), { decision: 'allow' })
    expect(answer.text).toContain('type="password"')
  })
})
