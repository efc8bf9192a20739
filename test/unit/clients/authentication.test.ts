import { describe, expect, test } from 'vitest'

import { assertionType } from '../../../src/clients/client-assertion.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { basic, present, SECRET, type Presented } from '../../support/clients/presentation.ts'

describe('a client is authenticated', () => {
  test('by Basic, when it registered client_secret_basic', async () => {
    expect(await present({ authorization: basic('basic', SECRET) })).toMatchObject({
      accepted: 'basic',
      counted: [],
    })
  })

  /** RFC 6749 §2.3.1. */
  test('by Basic with both parts form-urlencoded', async () => {
    expect(await present({ authorization: basic('a%3Ab+c', SECRET) })).toMatchObject({ accepted: 'a:b c' })
  })

  test('by Basic when the body repeats the same client_id', async () => {
    const presented = { authorization: basic('basic', SECRET), client_id: 'basic' }
    expect(await present(presented)).toMatchObject({ accepted: 'basic' })
  })

  test('by the body, when it registered client_secret_post', async () => {
    expect(await present({ client_id: 'post', client_secret: SECRET })).toMatchObject({ accepted: 'post' })
  })

  test('by its identifier alone, when it is public', async () => {
    expect(await present({ client_id: 'public' })).toMatchObject({ accepted: 'public', counted: [] })
  })
})

describe('a client that an operator made by hand', () => {
  test('may send its secret either way', async () => {
    expect(await present({ authorization: basic('by-hand', SECRET) })).toMatchObject({ accepted: 'by-hand' })
    expect(await present({ client_id: 'by-hand', client_secret: SECRET })).toMatchObject({
      accepted: 'by-hand',
    })
  })

  test('is refused without the secret, with a wrong one, and with both ways at once', async () => {
    const twice = { authorization: basic('by-hand', SECRET), client_secret: SECRET }
    expect(await present({ client_id: 'by-hand' })).toMatchObject({ error: { error: 'invalid_client' } })
    expect(await present({ client_id: 'by-hand', client_secret: 'x' })).toMatchObject({
      error: { error: 'invalid_client' },
    })
    expect(await present(twice)).toMatchObject({ error: { error: 'invalid_request' } })
  })
})

describe('a client is refused', () => {
  test.each<[string, Presented, string]>([
    ['with a wrong secret', { authorization: basic('basic', 'wrong') }, 'secret_wrong'],
    ['with the secret cut short', { authorization: basic('basic', SECRET.slice(0, -1)) }, 'secret_wrong'],
    ['with an empty secret', { authorization: basic('basic', '') }, 'secret_wrong'],
    ['with the digest of the secret', { authorization: basic('basic', sha256(SECRET)) }, 'secret_wrong'],
    ['that nobody registered', { authorization: basic('nobody', SECRET) }, 'client_unknown'],
    [
      'whose name is longer than any',
      { client_id: 'x'.repeat(257), client_secret: SECRET },
      'client_unknown',
    ],
  ])('%s', async (_name, presented, reason) => {
    expect(await present(presented)).toMatchObject({
      outcome: { ok: false, failure: { reason } },
      error: { error: 'invalid_client' },
    })
  })

  /** The oldest way in: a confidential client that is let through because no secret was asked for. */
  test('without its secret, when it has one', async () => {
    expect(await present({ client_id: 'post' })).toMatchObject({
      outcome: { failure: { reason: 'method_mismatch' } },
    })
    expect(await present({ client_id: 'basic' })).toMatchObject({
      outcome: { failure: { reason: 'method_mismatch' } },
    })
  })

  test('by another method than it registered, though the secret is right', async () => {
    const reason = 'method_mismatch'
    expect(await present({ client_id: 'basic', client_secret: SECRET })).toMatchObject({
      outcome: { failure: { reason } },
    })
    expect(await present({ authorization: basic('post', SECRET) })).toMatchObject({
      outcome: { failure: { reason } },
    })
    expect(await present({ client_id: 'public', client_secret: 'x' })).toMatchObject({
      outcome: { failure: { reason } },
    })
    expect(await present({ authorization: basic('public', '') })).toMatchObject({
      outcome: { failure: { reason } },
    })
  })

  test('when it uses two methods at once, before either is tried', async () => {
    const presented = { authorization: basic('basic', SECRET), client_id: 'basic', client_secret: SECRET }
    expect(await present(presented)).toMatchObject({
      outcome: { failure: { reason: 'methods_several' } },
      error: { error: 'invalid_request' },
      counted: [],
    })
  })

  test.each<[string, Presented]>([
    ['a secret in the header', { authorization: basic('basic', SECRET) }],
    ['a secret in the body', { client_id: 'post', client_secret: SECRET }],
  ])('when it sends an assertion beside %s', async (_name, presented) => {
    const both = { ...presented, client_assertion: 'a.b.c', client_assertion_type: assertionType }
    expect(await present(both)).toMatchObject({
      outcome: { failure: { reason: 'methods_several' } },
      error: { error: 'invalid_request' },
    })
  })

  test.each<[string, Presented, string, string]>([
    [
      'an assertion without its type',
      { client_assertion: 'a.b.c' },
      'assertion_incomplete',
      'invalid_request',
    ],
    [
      'the type of an assertion without one',
      { client_id: 'public', client_assertion_type: assertionType },
      'assertion_incomplete',
      'invalid_request',
    ],
    [
      'an assertion of another type',
      {
        client_assertion: 'a.b.c',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      },
      'assertion_type_unknown',
      'invalid_client',
    ],
    [
      'an assertion that names nobody',
      { client_assertion: 'a.b.c', client_assertion_type: assertionType },
      'client_unknown',
      'invalid_client',
    ],
    [
      'an assertion where it registered a secret',
      { client_id: 'post', client_assertion: 'a.b.c', client_assertion_type: assertionType },
      'method_mismatch',
      'invalid_client',
    ],
  ])('with %s', async (_name, presented, reason, error) => {
    expect(await present(presented)).toMatchObject({ outcome: { failure: { reason } }, error: { error } })
  })

  test('when the body names another client than the header', async () => {
    const presented = { authorization: basic('basic', SECRET), client_id: 'post' }
    expect(await present(presented)).toMatchObject({ error: { error: 'invalid_request' } })
  })

  test('when it does not say who it is', async () => {
    expect(await present({})).toMatchObject({ outcome: { failure: { reason: 'client_missing' } } })
    expect(await present({ client_secret: SECRET })).toMatchObject({
      outcome: { failure: { reason: 'client_missing' } },
    })
  })

  test.each(['Basic', 'Basic !!!', 'Basic bm9jb2xvbg==', 'Digest username="a"', `Bearer ${SECRET}`])(
    'with the Authorization header %s',
    async (authorization) => {
      expect(await present({ authorization, client_id: 'public' })).toMatchObject({
        outcome: { failure: { reason: 'authorization_malformed' } },
      })
    },
  )
})

describe('what a refused client is told', () => {
  test('is the same for an unknown client and a wrong secret', async () => {
    const unknown = await present({ authorization: basic('nobody', SECRET) })
    const wrong = await present({ authorization: basic('basic', 'wrong') })
    expect(unknown.error).toEqual(wrong.error)
  })

  /** RFC 6749 §5.2. Unasked, the challenge would open the browser's own sign-in window over a public client's page. */
  test('holds the Basic challenge only when it used the Authorization header', async () => {
    const { error: byHeader } = await present({ authorization: basic('basic', 'wrong') })
    const { error: byBody } = await present({ client_id: 'post', client_secret: 'wrong' })
    expect(byHeader?.headers).toEqual({ 'www-authenticate': 'Basic realm="gatewright"' })
    expect(byBody?.headers).toBeUndefined()
  })
})
