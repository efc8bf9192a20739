import { Hono } from 'hono'

import {
  authenticateClient,
  clientAuthenticationError,
  type AuthenticationPorts,
  type ClientAuthenticationFailure,
} from '../clients/authentication.ts'
import type { HttpContext, HttpEnv } from '../http/context.ts'
import { openToAllOrigins } from '../http/cross-origin.ts'
import { oauthError, type OAuthError } from '../http/oauth-error.ts'
import { serve } from '../http/serve.ts'
import type { Limiter } from '../limits/limiter.ts'
import { log } from '../platform/log.ts'
import { Secret } from '../platform/secret.ts'
import { presentedClient } from './presented-client.ts'
import { revokeToken } from './revocation.contract.ts'
import { revoke, type RevocationFailure, type RevocationPorts } from './revocation.ts'
import { slowDown } from './slow-down.ts'
import type { LimitFailure } from './token/token-failure.ts'
import { unavailable } from './unavailable.ts'

export interface RevocationRoutePorts extends RevocationPorts {
  readonly authentication: AuthenticationPorts
  readonly limiter: Pick<Limiter, 'take'>
}

type RevocationRefusal =
  | RevocationFailure
  | { readonly reason: 'client_unauthenticated'; readonly failure: ClientAuthenticationFailure }
  | LimitFailure
  | { readonly reason: 'token_missing' }

export function revocationRoutes(ports: RevocationRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.use(revokeToken.path, openToAllOrigins(['POST']))
  serve(app, revokeToken, async ({ body }, c) => {
    const { facts } = c.var
    const client = await authenticateClient(presentedClient(c, body), ports.authentication, facts.now)
    if (!client.ok) return refuse(c, { reason: 'client_unauthenticated', failure: client.failure })
    if (body.token === undefined) return refuse(c, { reason: 'token_missing' })
    const { client_id } = client.value
    const counted = await ports.limiter.take({ kind: 'revocation', client_id, address: facts.address })
    if (!counted.admitted) return refuse(c, counted)
    const revoked = await revoke(new Secret(body.token), client.value, ports, facts)
    if (!revoked.ok) return refuse(c, revoked.failure)
    return new Response(null, { headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
  })
  return app
}

function refuse(c: HttpContext, failure: RevocationRefusal): Response {
  const cause = 'failure' in failure ? failure.failure.reason : undefined
  log('info', 'revocation_refused', { reason: failure.reason, cause, request_id: c.var.facts.request_id })
  return oauthError(toOAuthError(failure))
}

function toOAuthError(failure: RevocationRefusal): OAuthError {
  switch (failure.reason) {
    case 'token_missing':
      return { error: 'invalid_request', error_description: 'the parameter token is missing' }
    case 'token_of_another':
      return { error: 'invalid_grant', error_description: 'the token was issued to another client' }
    case 'limit_reached':
      return slowDown(failure.retryAfterSeconds, failure.rate)
    case 'limiter_unavailable':
    case 'storage_unavailable':
      return unavailable
    case 'client_unauthenticated':
      return clientAuthenticationError(failure.failure)
  }
}
