import { Hono } from 'hono'

import {
  authenticateClient,
  clientAuthenticationError,
  type AuthenticationPorts,
  type ClientAuthenticationFailure,
} from '../../clients/authentication.ts'
import { isConfidential } from '../../clients/client.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { openToAllOrigins } from '../../http/cross-origin.ts'
import { oauthError, type OAuthError } from '../../http/oauth-error.ts'
import { serve } from '../../http/serve.ts'
import type { Limiter } from '../../limits/limiter.ts'
import { log } from '../../platform/log.ts'
import { proofError, readProof, type ProofFailure, type ProofPorts } from '../../signing/dpop-proof.ts'
import { presentedClient } from '../presented-client.ts'
import { slowDown } from '../slow-down.ts'
import type { LimitFailure } from '../token/token-failure.ts'
import { unavailable } from '../unavailable.ts'
import { authorizeDevice } from './device.contract.ts'
import { beginDevice, type DeviceRequestFailure, type DeviceRequestPorts } from './device-request.ts'

export interface DeviceRoutePorts extends DeviceRequestPorts {
  readonly authentication: AuthenticationPorts
  readonly limiter: Pick<Limiter, 'take'>
  readonly proofs: ProofPorts
}

type DeviceRefusal =
  | DeviceRequestFailure
  | LimitFailure
  | { readonly reason: 'client_unauthenticated'; readonly failure: ClientAuthenticationFailure }
  | { readonly reason: 'proof_refused'; readonly failure: ProofFailure }

export function deviceRoutes(ports: DeviceRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.use(authorizeDevice.path, openToAllOrigins(['POST']))
  serve(app, authorizeDevice, async ({ body }, c) => {
    const { facts } = c.var
    const authenticated = await authenticateClient(presentedClient(c, body), ports.authentication, facts.now)
    if (!authenticated.ok) return refuse(c, { reason: 'client_unauthenticated', ...authenticated })
    const client = authenticated.value
    const counted = await ports.limiter.take({
      kind: 'device_authorization',
      client_id: client.client_id,
      address: isConfidential(client) ? '' : facts.address,
    })
    if (!counted.admitted) return refuse(c, counted)
    const proof = await readProof(c, ports.proofs)
    if (!proof.ok) return refuse(c, { reason: 'proof_refused', ...proof })
    const request = { client, scope: body.scope, resource: body.resource, dpop_jkt: proof.value?.jkt }
    const answer = await beginDevice(request, ports, facts)
    if (!answer.ok) return refuse(c, answer.failure)
    return Response.json(answer.value, { headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
  })
  return app
}

function refuse(c: HttpContext, failure: DeviceRefusal): Response {
  log('info', 'device_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
  return oauthError(toOAuthError(failure))
}

function toOAuthError(failure: DeviceRefusal): OAuthError {
  switch (failure.reason) {
    case 'client_unauthenticated':
      return clientAuthenticationError(failure.failure)
    case 'proof_refused':
      return proofError(failure.failure)
    case 'grant_type_unregistered':
      return {
        error: 'unauthorized_client',
        error_description: 'the client is not registered for the device grant',
      }
    case 'scope_malformed':
    case 'scope_unregistered':
    case 'scope_of_operators':
      return {
        error: 'invalid_scope',
        error_description: 'scope must be of what the client is registered for and a person can give',
      }
    case 'resource_malformed':
      return {
        error: 'invalid_target',
        error_description: 'resource must be an absolute URI without a fragment',
      }
    case 'resource_unknown':
      return { error: 'invalid_target', error_description: 'a resource that is asked for is not published' }
    case 'limit_reached':
      return slowDown(failure.retryAfterSeconds, failure.rate)
    case 'limiter_unavailable':
    case 'storage_unavailable':
      return unavailable
  }
}
