import { env } from 'cloudflare:workers'

import { accountStore } from '../../../src/accounts/account.store.ts'
import type { Account } from '../../../src/accounts/account.ts'
import { hashPassword } from '../../../src/accounts/password.ts'
import { sessionStore } from '../../../src/accounts/session.store.ts'
import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import { clientStore } from '../../../src/clients/client.store.ts'
import type { Client } from '../../../src/clients/client.ts'
import { ClientMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { openDb } from '../../../src/db/client.ts'
import { createLimiter } from '../../../src/limits/limiter.ts'
import type { LimitSubject } from '../../../src/limits/subject.ts'
import { sha256Bytes } from '../../../src/platform/digest.ts'
import { base64url, utf8 } from '../../../src/platform/encoding.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { Browser, type Page } from './browser.ts'

export const password = 'correct horse battery staple'
const password_phc = await hashPassword(new Secret(password), systemRandom)

export const redirect_uri = 'https://app.example/callback'

/** A person that can sign in with the password above. */
export async function person(name: string): Promise<Account> {
  const account: Account = {
    account_id: name,
    vault_id: base64url(sha256Bytes(utf8(name)).subarray(0, 16)),
    email: `${name}@example.com`,
    email_verified: true,
    claims: { name: `${name} Example` },
    created_at: 1_795_000_000,
    updated_at: 1_795_000_000,
  }
  await accountStore(openDb(env.DB)).upsert(account, password_phc)
  return account
}

/** A public client of the code flow, under a name that no isolate remembers from another test. */
export async function application(changes: Partial<Client['metadata']> = {}): Promise<Client> {
  const client: Client = {
    client_id: `app-${randomId(systemRandom)}`,
    client_secret_digest: null,
    metadata: ClientMetadataSchema.parse({
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      client_name: 'Photo Printer',
      scope: 'openid profile email read',
      id_token_signed_response_alg: 'RS256',
      application_type: 'web',
      post_logout_redirect_uris: [],
      ...changes,
    }),
    first_party: false,
    plan: null,
    created_at: 1_795_000_000,
    updated_at: 1_795_000_000,
  }
  await saveClient(client)
  return client
}

export async function saveClient(client: Client): Promise<void> {
  await clientStore(openDb(env.DB)).upsert(client)
}

/** The query of an authorization request in order; `changes` replace single parameters. */
export function authorizationQuery(
  { client_id }: Client,
  changes: Readonly<Record<string, string>> = {},
): string {
  return new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri,
    scope: 'openid email',
    state: 'state-of-the-app',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...changes,
  }).toString()
}

export async function signIn(browser: Browser, email: string, continueTo = '/account'): Promise<Page> {
  const form = await browser.open(`/sign-in?${new URLSearchParams({ continue: continueTo }).toString()}`)
  return browser.submit(form, { email, password })
}

/** A browser with a session, without the cost of a password for each test. */
export async function signedIn(name: string): Promise<Browser> {
  const { account_id } = await person(name)
  const sessions = sessionStore(openDb(env.DB), systemRandom)
  const { cookieValue } = await sessions.start({ account_id, amr: ['pwd'] }, Date.now())
  const browser = new Browser()
  browser.setCookie(SESSION_COOKIE, cookieValue.reveal())
  return browser
}

/** Takes slots of a limit without hashing a password for each. */
export async function spend(subject: LimitSubject, times: number): Promise<void> {
  const limiter = createLimiter(env.LIMITER)
  for (let at = 0; at < times; at += 1) await limiter.take(subject)
}

export async function countSessions(): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS count FROM sessions').first<{ count: number }>()
  return row?.count ?? 0
}
