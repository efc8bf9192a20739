import { env } from 'cloudflare:workers'

import { apiKeyStore } from '../../../src/apikeys/api-key.store.ts'
import { mintApiKey } from '../../../src/apikeys/api-key.ts'
import { CatalogDocument } from '../../../src/catalog/catalog.contract.ts'
import { catalogStore } from '../../../src/catalog/catalog.store.ts'
import { createSnapshotFeed } from '../../../src/catalog/snapshot-feed.ts'
import { openDb } from '../../../src/db/client.ts'
import { gatewayRoutes } from '../../../src/gateway/gateway.route.ts'
import { Revocations } from '../../../src/grants/revocations.ts'
import { createLimiter, type Limiter } from '../../../src/limits/limiter.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { currentNonce } from '../../../src/signing/dpop-nonce.ts'
import { RemoteJwks } from '../../../src/signing/remote-jwks.ts'
import { door, foundation, NOW, NOW_MS, tokenWith } from '../signing/door.ts'

/** What one request to the upstream consisted of. */
export interface Seen {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string | null
  readonly init: RequestInit
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>

const OPEN = { api_key: false, tokens: false }
const EITHER = { api_key: true, tokens: true }

/** Routes that most tests need; every test may add its own. */
const ROUTES = [
  { path: '/api/users', authentication: EITHER, scopes: ['read', 'read:users'] },
  { path: '/api/users', method: 'POST', authentication: EITHER, scopes: ['write'], body_bytes_max: 16 },
  { path: '/api/users/{id}', authentication: EITHER, scopes: ['read'] },
  { path: '/me', authentication: { api_key: false, tokens: true } },
  { path: '/keys-only', authentication: { api_key: true, tokens: false } },
  { path: '/open', authentication: OPEN },
  { path: '/open', method: 'POST', authentication: OPEN, body_bytes_max: 16 },
] as const

export interface WorldOptions {
  readonly routes?: readonly object[]
  readonly trusted_issuers?: readonly object[]
  readonly plans?: readonly object[]
  readonly resources?: readonly object[]
  /** What the upstream answers. */
  readonly upstream?: Fetch
  /** Stands in for limiter objects that cannot be reached. */
  readonly limiter?: Pick<Limiter, 'take'>
  /** Whether D1 fails when the snapshot is read. */
  readonly isDatabaseDown?: boolean
  /** What the key sets of other issuers answer. */
  readonly keySets?: Fetch
}

/** The gateway over real D1 and real limiter objects; only the network behind it is doubled, and it remembers. */
export async function gatewayWorld(options: WorldOptions = {}) {
  const { keyRing, bearer } = await foundation()
  const db = openDb(env.DB)
  const catalog = catalogStore(db)
  const revocations = new Revocations()
  const seen: Seen[] = []
  const macKey = systemRandom(32)
  await catalog.replace(0, documentOf(options), NOW_MS)
  const routes = gatewayRoutes({
    issuer: bearer.issuer,
    feed: createSnapshotFeed({
      issuer: bearer.issuer,
      clock: () => NOW_MS,
      revocations,
      changesSince: options.isDatabaseDown === true ? failToRead : catalog.changesSince,
    }),
    keyRing,
    verifiedTokens: bearer.verifiedTokens,
    proofs: bearer.proofs,
    remoteJwks: new RemoteJwks(options.keySets ?? answerNotFound, { setsMax: 50, loopbackIsAllowed: false }),
    apiKeys: { macKey, limiter: options.limiter ?? createLimiter(env.LIMITER) },
    fetch: async (url, init) => {
      const sent = new Request(url, init)
      const answer = options.upstream ?? answerOk
      seen.push({ url, method: sent.method, headers: sent.headers, body: await readSent(sent), init })
      return answer(url, init)
    },
  })
  await insertClient('service')
  return {
    call: door(routes),
    routes,
    seen,
    revocations,
    nonce: currentNonce(bearer.proofs.nonceKey, NOW_MS),
    token: (changes: Parameters<typeof tokenWith>[1] = {}) =>
      tokenWith(keyRing, { client_id: 'service', sub: 'alice', scope: 'read read:profile', ...changes }),
    key: (changes: Partial<KeyRow> = {}) => insertKey(macKey, changes),
  }
}

function documentOf({
  routes = [],
  trusted_issuers = [],
  plans = [],
  resources = [],
}: WorldOptions): CatalogDocument {
  return CatalogDocument.parse({
    upstreams: [{ name: 'demo', origin: 'https://demo.example.com', timeout_ms: 1_000 }],
    routes: [...ROUTES, ...routes].map((route) => ({ method: 'GET', upstream: 'demo', ...route })),
    trusted_issuers,
    plans,
    resources,
  })
}

async function readSent(sent: Request): Promise<string | null> {
  return sent.body === null ? null : new Response(sent.body).text().catch(() => 'cut off')
}

async function failToRead(): Promise<never> {
  throw new Error('D1 is down')
}

async function answerOk(): Promise<Response> {
  return Response.json({ from: 'upstream' })
}

async function answerNotFound(): Promise<Response> {
  return new Response(null, { status: 404 })
}

async function insertClient(client_id: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO clients (client_id, metadata, created_at, updated_at) VALUES (?, '{}', ${NOW}, ${NOW})`,
  )
    .bind(client_id)
    .run()
}

interface KeyRow {
  readonly scope: string
  readonly plan: string | null
  readonly expires_at: number | null
  readonly revoked_at: number | null
}

/** A key that exists, and its text. */
async function insertKey(macKey: Uint8Array, changes: Partial<KeyRow>): Promise<string> {
  const { key, key_id, environment, secret_digest } = mintApiKey('test', macKey, systemRandom)
  const row = { scope: 'read', plan: null, expires_at: null, revoked_at: null, ...changes }
  await apiKeyStore(openDb(env.DB)).insert(
    { key_id, environment, name: 'a test', client_id: 'service', created_at: NOW, ...row },
    secret_digest,
  )
  return key.reveal()
}
