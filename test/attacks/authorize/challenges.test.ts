import { describe, expect, test } from 'vitest'

import { without } from '../../support/oauth/code-world.ts'
import { heard, requestWorld } from '../../support/oauth/request-world.ts'
import { serviceCodeWorld, client_secret } from '../../support/oauth/code-world.ts'
import { basic, redemptionOf, requestOf } from '../../support/oauth/world.ts'

const code = expect.stringMatching(/^gwc_/)

/** A code that a client with a secret was given without a challenge. */
async function bareCode() {
  const world = await serviceCodeWorld('client_secret_basic')
  const bare = without(without(requestOf(world.service), 'code_challenge'), 'code_challenge_method')
  const answer = await world.authorize(bare, world.cookie)
  const authorization = basic(world.service.client_id, client_secret)
  return { ...world, authorization, code: String(heard(answer)['code']) }
}

describe('whoever has seen an authorization request or its code', () => {
  test('asks for a challenge that is the verifier itself, and gets no code', async () => {
    const { ask } = await requestWorld()
    expect(heard(await ask({ code_challenge_method: 'plain' }))).toMatchObject({ error: 'invalid_request' })
  })

  test('leaves the challenge of an app out, and gets no code', async () => {
    const { authorize, client, cookie } = await requestWorld()
    const bare = without(without(requestOf(client), 'code_challenge'), 'code_challenge_method')
    expect(heard(await authorize(bare, cookie))).toMatchObject({ error: 'invalid_request' })
  })

  test('leaves only the challenge method out, which would mean plain, and gets no code', async () => {
    const { authorize, client, cookie } = await requestWorld()
    const half = without(requestOf(client), 'code_challenge_method')
    expect(heard(await authorize(half, cookie))).toMatchObject({ error: 'invalid_request' })
  })

  /** RFC 9700 §4.8.2: the client would not notice that its challenge was taken out of the link. */
  test('takes the challenge out of a link, and the code does not go with the verifier of the client', async () => {
    const { token, service, authorization, code: bare } = await bareCode()
    expect(bare).toEqual(code)
    const answer = await token(redemptionOf(service, bare), authorization)
    expect(answer.body).toMatchObject({ error: 'invalid_grant' })
  })

  test('redeems a code with a challenge and no verifier, and gets no tokens', async () => {
    const { token, service, code: bound } = await serviceCodeWorld('client_secret_basic')
    const bare = without(redemptionOf(service, bound), 'code_verifier')
    const answer = await token(bare, basic(service.client_id, client_secret))
    expect(answer.body).toMatchObject({ error: 'invalid_grant' })
  })
})
