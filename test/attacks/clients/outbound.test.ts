import { describe, expect, test } from 'vitest'

import { verifyClientJwt } from '../../../src/clients/client-keys.ts'
import { createSectorReader } from '../../../src/clients/sector-identifier.ts'
import { fetchDocument, type FetchDocument } from '../../../src/http/outbound.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { RemoteJwks } from '../../../src/signing/remote-jwks.ts'
import { assertionOf, clientKey } from '../../support/clients/assertion-world.ts'
import { clientRows, clientsDoor, json } from '../../support/clients/door.ts'
import { clientWith } from '../../support/oauth/clients.ts'

const NOW_MS = 1_800_000_000_000
const JWKS_URI = 'https://attacker.example.com/jwks'
const KEYS = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'x', kid: '1' }] }
const APP = { redirect_uris: ['https://attacker.example.com/cb'] }

/** Addresses that only this server might reach, in their plain form and in disguise. */
const INSIDE = [
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0177.0.0.1/',
  'https://[::ffff:127.0.0.1]/',
  'https://localhost./',
  'https://169.254.169.254/latest/meta-data/',
  'https://10.0.0.1/',
  'https://user@10.0.0.1/',
  'http://attacker.example.com/',
] as const

/** Keys at an address of the attacker, over a network that answers so. */
function remoteKeys(answer: FetchDocument) {
  const asked: string[] = []
  const fetchOver: FetchDocument = async (url, init) => {
    asked.push(url)
    return answer(url, init)
  }
  return { asked, remoteJwks: new RemoteJwks(fetchOver, { setsMax: 10, loopbackIsAllowed: false }) }
}

function client() {
  return clientWith({}, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: JWKS_URI })
}

/** What comes of a token of the client, whose keys are at the attacker's address. */
async function verify(remoteJwks: RemoteJwks, token: string): Promise<string> {
  const expected = { client: client(), types: [''], alg: undefined }
  const verified = await verifyClientJwt(new Secret(token), expected, { remoteJwks }, NOW_MS)
  return verified.ok ? 'verified' : verified.failure.reason
}

describe('whoever writes an address for us to ask', () => {
  test('keys at an address that only this server reaches are never registered', async () => {
    const { call, asked } = await clientsDoor({ registrationIsOpen: true })
    for (const jwks_uri of INSIDE) {
      const answer = await call('POST', '/oauth/register', json({ ...APP, jwks_uri }))
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    }
    expect(asked).toEqual([])
    expect(await clientRows()).toEqual([])
  })

  test('a sector document at an address that only this server reaches is not asked for', async () => {
    const asked: string[] = []
    const read = createSectorReader(async (url) => {
      asked.push(url)
      return Response.json(APP.redirect_uris)
    }, false)
    for (const url of INSIDE) expect(await read(url, NOW_MS)).toBeUndefined()
    expect(asked).toEqual([])
  })

  test('a sector document that leads on to another address is not followed', async () => {
    const sector_identifier_uri = 'https://attacker.example.com/sector'
    const inside: FetchDocument = async (_url, { redirect }) =>
      redirect === 'manual' ? Response.redirect('https://10.0.0.1/', 302) : Response.json(APP.redirect_uris)
    expect(await createSectorReader(inside, false)(sector_identifier_uri, NOW_MS)).toBeUndefined()
  })

  test('messages of logout are not sent to where only this server reaches', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    for (const backchannel_logout_uri of INSIDE) {
      const answer = await call('POST', '/oauth/register', json({ ...APP, backchannel_logout_uri }))
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    }
    expect(await clientRows()).toEqual([])
  })

  test('a key set without end is not read to its end', async () => {
    let sent = 0
    const chunk = new TextEncoder().encode(' '.repeat(16 * 1024))
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          sent += chunk.byteLength
          if (sent > 4 * 1024 * 1024) controller.close()
          else controller.enqueue(chunk)
        },
      })
    const { remoteJwks } = remoteKeys(
      async () => new Response(endless(), { headers: { 'content-type': 'application/json' } }),
    )
    expect(await verify(remoteJwks, await assertionOf('client', await clientKey()))).toBe('keys_unreachable')
    expect(sent).toBeLessThan(256 * 1024)
  })

  test('a document that is sent for ever is given up', async () => {
    const slow: FetchDocument = async (_url, { signal }) => {
      const body = new ReadableStream({
        start: (controller) =>
          signal?.addEventListener('abort', () => controller.error(new Error('aborted'))),
      })
      return new Response(body, { headers: { 'content-type': 'application/json' } })
    }
    const rules = { mediaTypes: ['application/json'], bytesMax: 64, timeoutMs: 20, loopbackIsAllowed: false }
    const outcome = await fetchDocument(slow, JWKS_URI, rules)
    expect(outcome).toEqual({ ok: false, failure: { reason: 'document_unreachable' } })
  })

  test('a stream of made-up kids does not make us flood a key set', async () => {
    const key = await clientKey()
    const { asked, remoteJwks } = remoteKeys(async () => Response.json({ keys: [key.jwk] }))
    for (let at = 0; at < 50; at += 1) {
      const token = await assertionOf('client', key, { header: { kid: `made-up-${at}` } })
      expect(await verify(remoteJwks, token)).toBe('key_unknown')
    }
    expect(asked).toHaveLength(1)
  })

  test('a page that happens to hold keys is no key set', async () => {
    const key = await clientKey()
    const headers = { 'content-type': 'text/html' }
    const { remoteJwks } = remoteKeys(
      async () => new Response(JSON.stringify({ keys: [key.jwk] }), { headers }),
    )
    expect(await verify(remoteJwks, await assertionOf('client', key))).toBe('keys_unreachable')
  })

  test('a shared secret in a key set is no key', async () => {
    const k = Buffer.from('secret of a key set').toString('base64url')
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const method = { token_endpoint_auth_method: 'private_key_jwt' }
    const shared = { ...APP, ...method, jwks: { keys: [{ kty: 'oct', k, kid: '1', alg: 'HS256' }] } }
    expect(await call('POST', '/oauth/register', json(shared))).toMatchObject({ status: 400 })
    expect(await call('POST', '/oauth/register', json({ ...APP, ...method, jwks: KEYS }))).toMatchObject({
      status: 201,
    })
  })
})
