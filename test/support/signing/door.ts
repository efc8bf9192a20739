import { env } from 'cloudflare:workers'
import { Hono } from 'hono'

import { openDb } from '../../../src/db/client.ts'
import type { HttpEnv } from '../../../src/http/context.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { continueTrace } from '../../../src/platform/trace.ts'
import { issueAccessToken, type AccessTokenClaims } from '../../../src/signing/access-token.ts'
import type { BearerPorts } from '../../../src/signing/bearer.ts'
import { ProofMemory } from '../../../src/signing/dpop-memory.ts'
import { createKeyRing, type RereadableKeyRing } from '../../../src/signing/key-ring.ts'
import { keyRingStore } from '../../../src/signing/key-ring.store.ts'
import { ensureKeys } from '../../../src/signing/key-rotation.ts'
import type { SealedSigningKey } from '../../../src/signing/signing-key.ts'
import { VerifiedTokens } from '../../../src/signing/verified-tokens.ts'

export const ISSUER = 'https://gate.example'
/** What somebody without credentials is told. */
export const TOKEN_CHALLENGES = 'Bearer realm="gatewright", DPoP realm="gatewright", algs="ES256 PS256 EdDSA"'
export const NOW = 1_800_000_000
export const NOW_MS = NOW * 1000

const sealKey = systemRandom(32)

/** Making RSA keys takes most of a test's time, so the same rows are written into each test's own database. */
let made: readonly SealedSigningKey[] | undefined

/** Keys in D1, a ring over them, and what the rooms behind a bearer check are given. */
export async function foundation() {
  const ports = { store: keyRingStore(openDb(env.DB)), sealKey, random: systemRandom }
  await ports.store.insert(made ?? [])
  await ensureKeys(ports, NOW_MS)
  made = await ports.store.list()
  const keyRing = createKeyRing(ports)
  const revoked = new Set<string>()
  const bearer: BearerPorts = {
    issuer: ISSUER,
    keyRing,
    verifiedTokens: new VerifiedTokens(),
    revocations: async () => (kind, id) => revoked.has(`${kind} ${id}`),
    proofs: { issuer: ISSUER, nonceKey: systemRandom(32), spentProofs: new ProofMemory() },
  }
  return { ...ports, keyRing, bearer, revoked }
}

export async function tokenWith(
  keyRing: RereadableKeyRing,
  changes: Partial<AccessTokenClaims>,
): Promise<string> {
  const claims = {
    iss: ISSUER,
    sub: 'operator',
    aud: ISSUER,
    exp: NOW + 600,
    iat: NOW,
    jti: 'token-1',
    client_id: 'operator',
    scope: 'manage',
    grant_id: 'grant-1',
    ...changes,
  }
  return issueAccessToken(keyRing, claims, NOW_MS)
}

/** Serves a room's routes at a fixed time, from one address. */
export function door(routes: Hono<HttpEnv>, nowMs = NOW_MS) {
  const app = new Hono<HttpEnv>()
  app.use(async (c, next) => {
    const trace = continueTrace(undefined, systemRandom)
    c.set('facts', {
      request_id: 'request-1',
      trace,
      now: nowMs,
      address: '192.0.2.1',
      waitUntil: () => undefined,
    })
    await next()
  })
  app.route('/', routes)
  return async (method: string, path: string, init: RequestInit = {}) => {
    const answer = await app.request(`${ISSUER}${path}`, { method, ...init })
    const text = await answer.text()
    const isJson = /json/.test(answer.headers.get('content-type') ?? '')
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
  }
}

export function withBearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}
