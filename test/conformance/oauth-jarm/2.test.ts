import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'

import type { Answer } from '../../support/oauth/answer.ts'
import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { actionOf, hiddenFields } from '../../support/people/form.ts'
import { issuer } from '../../support/oauth/world.ts'

const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

async function read(world: Awaited<ReturnType<typeof requestWorld>>, response: string | undefined) {
  const { body } = await world.send('/.well-known/jwks.json')
  const keys: JSONWebKeySet = KeySet.parse(body)
  return jwtVerify(response ?? '', createLocalJWKSet(keys), { issuer, audience: world.client.client_id })
}

describe('JWT Secured Authorization Response Mode §2', () => {
  test.each(['jwt', 'query.jwt', 'fragment.jwt'])(
    '%s gives one parameter, response, with everything inside',
    async (response_mode) => {
      const world = await requestWorld()
      const told = heard(await world.ask({ response_mode }))
      expect(Object.keys(told)).toEqual(['response'])
      const { payload, protectedHeader } = await read(world, told['response'])
      expect(protectedHeader.alg).toBe('RS256')
      expect(payload).toEqual({
        iss: issuer,
        aud: world.client.client_id,
        exp: expect.any(Number),
        code: expect.stringMatching(/^gwc_/),
        state: 'state-of-the-app',
      })
    },
  )

  test('form_post.jwt posts the same', async () => {
    const world = await requestWorld()
    const { text: html }: Answer = await world.ask({ response_mode: 'form_post.jwt' })
    expect(actionOf({ html })).toBe('https://app.example/callback')
    const { payload } = await read(world, hiddenFields({ html })['response'])
    expect(payload).toMatchObject({ code: expect.stringMatching(/^gwc_/) })
  })

  test('§2.1 errors are signed as well', async () => {
    const world = await requestWorld()
    const told = heard(await world.ask({ response_mode: 'jwt', prompt: 'none login' }))
    expect((await read(world, told['response'])).payload).toMatchObject({
      error: 'invalid_request',
      state: 'state-of-the-app',
    })
  })

  test.each(['PS256', 'ES256', 'EdDSA'] as const)(
    '§3 authorization_signed_response_alg=%s is what it is signed with',
    async (authorization_signed_response_alg) => {
      const world = await requestWorld({ authorization_signed_response_alg })
      const told = heard(await world.ask({ response_mode: 'jwt' }))
      const { protectedHeader } = await read(world, told['response'])
      expect(protectedHeader.alg).toBe(authorization_signed_response_alg)
    },
  )
})
