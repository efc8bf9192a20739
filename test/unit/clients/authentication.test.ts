import { describe, expect, test } from 'vitest'

import { authenticateClient, clientAuthenticationError } from '../../../src/clients/authentication.ts'
import type { Client } from '../../../src/clients/client.ts'
import { ClientMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { readCredentials } from '../../../src/http/credentials.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { Secret } from '../../../src/platform/secret.ts'

const SECRET = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE'

type Registered = Client['metadata']['token_endpoint_auth_method']

function client(client_id: string, method: Registered): Client {
  return {
    client_id,
    client_secret_digest: method === 'none' ? null : sha256(SECRET),
    metadata: ClientMetadataSchema.parse({
      redirect_uris: [],
      grant_types: [],
      response_types: [],
      token_endpoint_auth_method: method,
      scope: '',
      id_token_signed_response_alg: 'RS256',
      application_type: 'web',
      post_logout_redirect_uris: [],
    }),
    first_party: false,
    plan: null,
    created_at: 0,
    updated_at: 0,
  }
}

const clients = [
  client('basic', 'client_secret_basic'),
  client('a:b c', 'client_secret_basic'),
  client('post', 'client_secret_post'),
  client('public', 'none'),
  client('by-hand', 'client_secret_any'),
]

interface Presented {
  readonly authorization?: string
  readonly client_id?: string
  readonly client_secret?: string
}

/** Authenticates, and tells besides the outcome which failures were counted. */
async function present({ authorization, client_id, client_secret }: Presented, admitted = true) {
  const counted: { client_id: string; address: string }[] = []
  const outcome = await authenticateClient(
    {
      credentials: readCredentials(authorization),
      client_id,
      client_secret: client_secret === undefined ? undefined : new Secret(client_secret),
      address: '192.0.2.1',
    },
    {
      findClient: async (id) => clients.find((one) => one.client_id === id),
      limiter: {
        take: async (subject) => {
          counted.push({ client_id: subject.client_id, address: subject.address })
          return { admitted, retryAfterSeconds: 17 }
        },
      },
    },
    0,
  )
  const error = outcome.ok ? undefined : clientAuthenticationError(outcome.failure)
  return { accepted: outcome.ok ? outcome.value.client_id : undefined, outcome, error, counted }
}

function basic(user: string, password: string): string {
  return `Basic ${btoa(`${user}:${password}`)}`
}

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

describe('failed client authentications', () => {
  test('are counted by client and address', async () => {
    const { counted } = await present({ authorization: basic('basic', 'wrong') })
    expect(counted).toEqual([{ client_id: 'basic', address: '192.0.2.1' }])
  })

  /** Each name would otherwise wake an object of its own. */
  test('of clients that do not exist are counted together', async () => {
    const first = await present({ client_id: 'nobody-1' })
    const second = await present({ client_id: 'nobody-2' })
    expect(first.counted).toEqual(second.counted)
  })

  test('beyond the limit are answered with how long to wait', async () => {
    expect(await present({ authorization: basic('basic', 'wrong') }, false)).toMatchObject({
      error: { error: 'slow_down', headers: { 'retry-after': '17' } },
    })
  })

  /** Or anybody could keep a client out by failing in its name. */
  test('never hold up the right secret', async () => {
    expect(await present({ authorization: basic('basic', SECRET) }, false)).toMatchObject({
      accepted: 'basic',
    })
  })
})
