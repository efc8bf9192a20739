import { accountStore } from '../src/accounts/account.store.ts'
import { hashPassword } from '../src/accounts/password.ts'
import { apiKeyStore } from '../src/apikeys/api-key.store.ts'
import { mintApiKey } from '../src/apikeys/api-key.ts'
import { catalogStore } from '../src/catalog/catalog.store.ts'
import { clientStore } from '../src/clients/client.store.ts'
import { openDb, type Db } from '../src/db/client.ts'
import { assert } from '../src/platform/assert.ts'
import { epochSeconds } from '../src/platform/clock.ts'
import { sha256 } from '../src/platform/digest.ts'
import { randomId, systemRandom } from '../src/platform/random.ts'
import type { Settings } from '../src/settings.ts'
import { keyRingStore } from '../src/signing/key-ring.store.ts'
import { ensureKeys } from '../src/signing/key-rotation.ts'
import { demoCredentials, type DemoCredentials } from './demo-credentials.ts'
import {
  demoCatalog,
  demoClients,
  people,
  service_scope,
  withOrigins,
  type DemoOrigins,
} from './demo-data.ts'
import type { Database } from './migrations.ts'

interface ClientCredentials {
  readonly client_id: string
  readonly client_secret: string
}

/** What a newcomer needs to try everything: written to `demo.json` in the state directory. */
export interface Demo {
  readonly issuer: string
  readonly user: { readonly email: string; readonly password: string }
  readonly operator: ClientCredentials
  readonly service: ClientCredentials & { readonly scope: string }
  readonly spa: { readonly client_id: string; readonly redirect_uri: string }
  readonly resource_server: ClientCredentials
  readonly api_key: string
  readonly routes: { readonly users: string }
}

export interface SeedInput {
  readonly database: Database
  readonly settings: Settings
  readonly rootSecret: string
  readonly origins: DemoOrigins
  readonly nowMs: number
}

/** Puts the demo's people, clients, key and routes into the database. What somebody has changed since stays so. */
export async function seed({ database, settings, rootSecret, origins, nowMs }: SeedInput): Promise<Demo> {
  const db = openDb(database)
  const credentials = demoCredentials(rootSecret)
  const redirect_uri = `${origins.spa}/callback`
  await seedPeople(db, credentials, nowMs)
  await seedClients(db, credentials, redirect_uri, nowMs)
  const api_key = await seedApiKey(db, credentials, settings.keys.apiKeyMac, nowMs)
  await seedCatalog(db, origins, nowMs)
  const client = (client_id: string) => ({
    client_id,
    client_secret: credentials.secret(client_id).reveal(),
  })
  return {
    issuer: settings.issuer,
    user: { email: 'alice@example.com', password: credentials.secret('alice').reveal() },
    operator: client('operator'),
    service: { ...client('service'), scope: service_scope },
    spa: { client_id: 'spa', redirect_uri },
    resource_server: client('resource_server'),
    api_key,
    routes: { users: '/api/users' },
  }
}

/** Makes the signing keys that are missing. */
export async function seedKeys({
  database,
  settings,
  nowMs,
}: Pick<SeedInput, 'database' | 'settings' | 'nowMs'>): Promise<void> {
  const store = keyRingStore(openDb(database))
  await ensureKeys({ store, sealKey: settings.keys.signingKeySeal, random: systemRandom }, nowMs)
}

async function seedPeople(db: Db, credentials: DemoCredentials, nowMs: number): Promise<void> {
  const accounts = accountStore(db)
  const now = epochSeconds(nowMs)
  for (const person of people) {
    if ((await accounts.findById(person.account_id)) !== undefined) continue
    const password_phc = await hashPassword(credentials.secret(person.account_id), systemRandom)
    const vault_id = randomId(systemRandom)
    const account = { ...person, vault_id, email_verified: true, created_at: now, updated_at: now }
    await accounts.insert(account, password_phc)
  }
}

async function seedClients(
  db: Db,
  credentials: DemoCredentials,
  redirect_uri: string,
  nowMs: number,
): Promise<void> {
  const clients = clientStore(db)
  const now = epochSeconds(nowMs)
  for (const { client_id, metadata } of demoClients(redirect_uri)) {
    const known = await clients.find(client_id)
    const isPublic = metadata.token_endpoint_auth_method === 'none'
    const fresh = {
      client_id,
      client_secret_digest: isPublic ? null : sha256(credentials.secret(client_id).reveal()),
      first_party: false,
      plan: null,
      created_at: now,
    }
    const { redirect_uris } = metadata
    const kept = known && { ...known, metadata: { ...known.metadata, redirect_uris } }
    await clients.upsert({ ...(kept ?? { ...fresh, metadata }), updated_at: now })
  }
}

async function seedApiKey(
  db: Db,
  credentials: DemoCredentials,
  macKey: Uint8Array,
  nowMs: number,
): Promise<string> {
  const { key, key_id, environment, secret_digest } = mintApiKey(
    'test',
    macKey,
    credentials.random('api key'),
  )
  const apiKeys = apiKeyStore(db)
  if (!(await apiKeys.exists(key_id))) {
    const row = {
      key_id,
      environment,
      name: 'Demo key',
      client_id: 'service',
      scope: 'read write read:users',
    }
    const rest = { plan: null, created_at: epochSeconds(nowMs), expires_at: null, revoked_at: null }
    await apiKeys.insert({ ...row, ...rest }, secret_digest)
  }
  return key.reveal()
}

async function seedCatalog(db: Db, origins: DemoOrigins, nowMs: number): Promise<void> {
  const catalog = catalogStore(db)
  const { version, document } = await catalog.newest()
  const wanted = version === 0 ? demoCatalog(origins) : withOrigins(document, origins)
  if (JSON.stringify(wanted) === JSON.stringify(document)) return
  const replaced = await catalog.replace(version, wanted, nowMs)
  assert(replaced.ok, 'nobody else publishes while the demo is set up')
}
