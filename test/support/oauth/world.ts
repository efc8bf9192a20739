import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

import { accountStore } from '../../../src/accounts/account.store.ts'
import type { Account } from '../../../src/accounts/account.ts'
import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import { sessionStore } from '../../../src/accounts/session.store.ts'
import type { ApiKey } from '../../../src/apikeys/api-key.contract.ts'
import { apiKeyStore } from '../../../src/apikeys/api-key.store.ts'
import { mintApiKey } from '../../../src/apikeys/api-key.ts'
import { clientStore } from '../../../src/clients/client.store.ts'
import type { Client } from '../../../src/clients/client.ts'
import { openDb } from '../../../src/db/client.ts'
import { assert } from '../../../src/platform/assert.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'
import { readSettings, type Settings } from '../../../src/settings.ts'
import { keyRingStore } from '../../../src/signing/key-ring.store.ts'
import { ensureKeys } from '../../../src/signing/key-rotation.ts'
import type { SealedSigningKey } from '../../../src/signing/signing-key.ts'
import { createGatewright } from '../../../src/wiring/gatewright.ts'
import { toAnswer, type Answer, type Fields, type Send } from './answer.ts'
import { redirect_uri } from './clients.ts'

const settings = readSettings(env)
assert(settings.ok, 'the test environment has settings')
export const { issuer, keys } = settings.value

export const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const code_challenge = sha256(code_verifier)
export const ADDRESS = '203.0.113.7'

/** A plan under which tests about other things meet no limit. */
export const amplePlan = 'ample'

const db = openDb(env.DB)
let signingKeys: readonly SealedSigningKey[] = []

/**
 * A deployment that has just been set up, with an isolate that has just been born: the whole program over real D1
 * and real objects, and no memory of the test before.
 */
export async function newWorld() {
  await keyRingStore(db).insert(await testKeys())
  await env.DB.prepare(
    'INSERT INTO plans (name, requests_per_second, token_requests_per_minute) VALUES (?, 1000, 1000)',
  )
    .bind(amplePlan)
    .run()
  const isolate = newIsolate()
  return { ...isolate, ...people(), ...conversations(isolate.send) }
}

/** Another isolate of the same deployment: it shares D1 and objects with others, and no memory. */
export function newIsolate(changes: Partial<Settings> = {}) {
  assert(settings.ok, 'the test environment has settings')
  const { app } = createGatewright({ ...settings.value, ...changes }, env)
  return {
    async send(path: string, init: RequestInit = {}): Promise<Answer> {
      const headers = new Headers(init.headers)
      if (!headers.has('cf-connecting-ip')) headers.set('cf-connecting-ip', ADDRESS)
      const context = createExecutionContext()
      const request = new Request(new URL(path, issuer), { ...init, headers, redirect: 'manual' })
      const response = await app.fetch(request, {}, context)
      await waitOnExecutionContext(context)
      return toAnswer(response, issuer)
    },
  }
}

/** Those who take part: clients, accounts and their browsers' cookies. */
function people() {
  return {
    async register(client: Client): Promise<Client> {
      await clientStore(db).upsert(client)
      return client
    },

    async person(name: string, claims: Account['claims'] = {}): Promise<Account> {
      const account: Account = {
        account_id: name,
        vault_id: randomId(systemRandom),
        email: `${name}@example.com`,
        email_verified: true,
        claims,
        created_at: 1_795_000_000,
        updated_at: 1_795_000_000,
      }
      await accountStore(db).insert(account, 'no password')
      return account
    },

    /** A key that a client may act with; answers the key itself and its id. */
    async apiKey(about: Pick<ApiKey, 'client_id' | 'scope'> & Partial<ApiKey>) {
      const { key, key_id, environment, secret_digest } = mintApiKey('test', keys.apiKeyMac, systemRandom)
      const rest = { name: 'key', plan: null, created_at: 1_795_000_000, expires_at: null, revoked_at: null }
      await apiKeyStore(db).insert({ ...rest, ...about, key_id, environment }, secret_digest)
      return { api_key: key.reveal(), key_id }
    },

    /** Signs somebody in and answers the cookie header that their browser sends from then on. */
    async cookieOf(account: Pick<Account, 'account_id'>): Promise<string> {
      const signIn = { account_id: account.account_id, amr: ['pwd'] }
      const { cookieValue } = await sessionStore(db, systemRandom).start(signIn, Date.now())
      return `${SESSION_COOKIE}=${cookieValue.reveal()}`
    },
  }
}

/** What clients and browsers say to the endpoints. */
function conversations(send: Send) {
  const post = (path: string, fields: Fields | string, headers: Fields = {}) =>
    send(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { ...FORM, ...headers },
    })
  const postJson = (path: string, value: unknown, headers: Fields = {}) =>
    send(path, { method: 'POST', body: JSON.stringify(value), headers: { ...JSON_TYPE, ...headers } })
  const authorize = (query: Fields, cookie?: string) =>
    send(
      `/oauth/authorize?${new URLSearchParams(query).toString()}`,
      cookie === undefined ? {} : { headers: { cookie } },
    )
  const token = (fields: Fields, headers: Fields = {}) => post('/oauth/token', fields, headers)

  /** The code that a signed-in person's browser brings back to a client that needs no consent. */
  const codeFor = async (client: Client, cookie: string, changes: Fields = {}): Promise<string> => {
    const { location } = await authorize({ ...requestOf(client), ...changes }, cookie)
    const code = location.searchParams.get('code')
    assert(code !== null, `a code comes back, got ${location.href}`)
    return code
  }
  return { post, postJson, authorize, token, codeFor }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const
const JSON_TYPE = { 'content-type': 'application/json' } as const

/** A token of another issuer that, to make it hard, signs with the same keys and knows the same clients. */
export async function foreignToken(fields: Fields, headers: Fields): Promise<string> {
  const { send } = newIsolate({ issuer: 'https://other.example' })
  const { body } = await send('/oauth/token', { method: 'POST', body: new URLSearchParams(fields), headers })
  return String(body.access_token)
}

/** An authorization request that is in order. */
export function requestOf(client: Pick<Client, 'client_id'>): Fields {
  return {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri,
    scope: 'openid profile email read',
    state: 'state-of-the-app',
    nonce: 'nonce-of-the-app',
    code_challenge,
    code_challenge_method: 'S256',
  }
}

/** A token request for a code that is in order, but for a secret. */
export function redemptionOf(client: Pick<Client, 'client_id'>, code: string): Fields {
  return { grant_type: 'authorization_code', client_id: client.client_id, redirect_uri, code, code_verifier }
}

/** The Basic header of a client, both parts form-urlencoded (RFC 6749 §2.3.1). */
export function basic(client_id: string, client_secret: string): { readonly authorization: string } {
  return {
    authorization: `Basic ${btoa(`${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`)}`,
  }
}

/** Making an RSA key takes longer than most tests, so all worlds share what the first one made. */
async function testKeys(): Promise<readonly SealedSigningKey[]> {
  const made: SealedSigningKey[] = [...signingKeys]
  const store = {
    list: async () => made,
    insert: async (more: readonly SealedSigningKey[]) => void made.push(...more),
    activateAt: async () => undefined,
    remove: async () => undefined,
  }
  await ensureKeys({ store, sealKey: keys.signingKeySeal, random: systemRandom }, Date.now())
  signingKeys = made
  return made
}
