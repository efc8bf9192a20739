import { Hono } from 'hono'

import type { HttpContext, HttpEnv } from '../http/context.ts'
import { refuse } from '../http/refusal.ts'
import { accessTokenTtlSeconds, clockSkewSeconds, subjectStaleMaxMs } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import type { AccessTokenClaims } from '../signing/access-token.ts'
import { serveToBearer } from '../signing/bearer.route.ts'
import type { BearerPorts } from '../signing/bearer.ts'
import { faultsInRequest, type RequestPorts } from './api-key-request.ts'
import {
  createApiKey,
  listApiKeys,
  revokeApiKey,
  type ApiKey,
  type ApiKeyCursor,
} from './api-key.contract.ts'
import { mintApiKey } from './api-key.ts'

export interface ApiKeyRoutePorts extends RequestPorts {
  readonly bearer: BearerPorts
  readonly macKey: Uint8Array
  readonly random: Random
  readonly apiKeys: RequestPorts['apiKeys'] & {
    insert(key: ApiKey, secret_digest: string): Promise<void>
    page(after: ApiKeyCursor | undefined, itemsMax: number): Promise<readonly ApiKey[]>
    revoke(key_id: string, revoked_at: number, tokensExpireAt: number): Promise<boolean>
  }
  /** Tells this isolate at once what the others learn from the table. */
  readonly noteRevocation: (grant_id: string, expires_at: number) => void
}

/** The management of API keys, for bearers of the scope `manage`. */
export function apiKeyRoutes(ports: ApiKeyRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()

  serveToBearer(app, createApiKey, ports.bearer, async ({ body, claims }, c) => {
    const created_at = epochSeconds(c.var.facts.now)
    const faults = await faultsInRequest(body, ports, created_at)
    if (faults.length > 0) return refuse(c, 'document_invalid', { faults })

    const { key, key_id, secret_digest } = mintApiKey(body.environment, ports.macKey, ports.random)
    const created: ApiKey = { ...body, key_id, created_at, revoked_at: null }
    await ports.apiKeys.insert(created, secret_digest)
    record(c, 'api_key_created', key_id, claims)
    return json({ ...created, key: key.reveal() }, 201)
  })

  serveToBearer(app, listApiKeys, ports.bearer, async ({ query }) => {
    const found = await ports.apiKeys.page(query.cursor, query.limit + 1)
    const api_keys = found.slice(0, query.limit)
    const last = found.length > query.limit ? api_keys.at(-1) : undefined
    return json({ api_keys, next_cursor: last ? `${last.created_at}.${last.key_id}` : null }, 200)
  })

  serveToBearer(app, revokeApiKey, ports.bearer, async ({ params, claims }, c) => {
    const revoked_at = epochSeconds(c.var.facts.now)
    const tokensExpireAt = revoked_at + tokenRemainderSeconds
    if (!(await ports.apiKeys.revoke(params.key_id, revoked_at, tokensExpireAt))) {
      return refuse(c, 'not_found')
    }
    ports.noteRevocation(params.key_id, tokensExpireAt)
    record(c, 'api_key_revoked', params.key_id, claims)
    return new Response(null, { status: 204 })
  })

  return app
}

/**
 * How long a token that was obtained with a key may outlive its revocation.
 *
 * A limiter object that cannot read D1 takes the key for alive until its record is too old, so the last token may
 * be issued that much later.
 */
const tokenRemainderSeconds = accessTokenTtlSeconds + Math.ceil(subjectStaleMaxMs / 1000) + clockSkewSeconds

/** Who made or ended which key. The log is where this is kept until there is an audit trail. */
function record(c: HttpContext, event: string, key_id: string, claims: AccessTokenClaims): void {
  const { sub, client_id } = claims
  log('info', event, { key_id, sub, client_id, request_id: c.var.facts.request_id })
}

/** A key is shown once, and a list tells who calls: neither belongs in a cache. */
function json(body: unknown, status: number): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
