import { Hono } from 'hono'

import {
  authenticateClient,
  clientAuthenticationError,
  type AuthenticationPorts,
  type ClientAuthenticationFailure,
} from '../../clients/authentication.ts'
import { isConfidential, type Client } from '../../clients/client.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { openToAllOrigins } from '../../http/cross-origin.ts'
import { oauthError, type OAuthError } from '../../http/oauth-error.ts'
import { serve } from '../../http/serve.ts'
import type { Limiter } from '../../limits/limiter.ts'
import { log } from '../../platform/log.ts'
import { pushedRequestTtlSeconds } from '../../platform/one-time-bounds.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { proofError, readProof, type ProofFailure, type ProofPorts } from '../../signing/dpop-proof.ts'
import { errorOfPush, type AuthorizationFailure } from '../authorize/authorization-failure.ts'
import { readPushedRequest, type AuthorizationRequestPorts } from '../authorize/authorization-request.ts'
import type { AuthorizeParameters } from '../authorize/authorize.contract.ts'
import { toStored, type PushedParameters } from '../authorize/effective-parameters.ts'
import { presentedClient } from '../presented-client.ts'
import { slowDown } from '../slow-down.ts'
import { fromStorage, type StorageFailure } from '../storage.ts'
import type { LimitFailure } from '../token/token-failure.ts'
import { unavailable } from '../unavailable.ts'
import { pushAuthorizationRequest } from './par.contract.ts'

export interface ParPorts extends AuthorizationRequestPorts {
  readonly authentication: AuthenticationPorts
  readonly limiter: Pick<Limiter, 'take'>
  readonly proofs: ProofPorts
  readonly pushedRequests: AuthorizationRequestPorts['pushedRequests'] & {
    push(client_id: string, pushed: PushedParameters): Promise<string>
  }
}

type PushFailure =
  | LimitFailure
  | StorageFailure
  | { readonly reason: 'client_unauthenticated'; readonly failure: ClientAuthenticationFailure }
  | { readonly reason: 'request_refused'; readonly failure: AuthorizationFailure }
  | { readonly reason: 'proof_refused'; readonly failure: ProofFailure }
  | { readonly reason: 'keys_contradictory' }

export function parRoutes(ports: ParPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.use(pushAuthorizationRequest.path, openToAllOrigins(['POST']))
  serve(app, pushAuthorizationRequest, async ({ body }, c) => {
    const { now: nowMs } = c.var.facts
    const client = await authenticateClient(presentedClient(c, body), ports.authentication, nowMs)
    if (!client.ok) return refuse(c, { reason: 'client_unauthenticated', ...client })
    const counted = await ports.limiter.take(subjectOf(client.value, c))
    if (!counted.admitted) return refuse(c, counted)
    const pushed = await readPush(body, client.value, c, ports)
    if (!pushed.ok) return refuse(c, pushed.failure)
    const request_uri = await fromStorage('push authorization request', () =>
      ports.pushedRequests.push(client.value.client_id, pushed.value),
    )
    if (!request_uri.ok) return refuse(c, request_uri.failure)
    return Response.json(
      { request_uri: request_uri.value, expires_in: pushedRequestTtlSeconds },
      { status: 201, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } },
    )
  })
  return app
}

/**
 * Reads what is to be kept: the request by the rules of the authorization endpoint, and then the proof, which is spent by
 * being read.
 *
 * A key can be named or proved. One that is named and another that is proved is refused: whoever put the second there
 * would have the code bound to it.
 *
 * @see RFC 9126 §2.1
 * @see RFC 9449 §10.1
 */
async function readPush(
  body: AuthorizeParameters,
  client: Client,
  c: HttpContext,
  ports: ParPorts,
): Promise<Result<PushedParameters, PushFailure>> {
  const request = await readPushedRequest(body, client, ports, c.var.facts.now)
  if (!request.ok) return fail({ reason: 'request_refused', ...request })
  const proof = await readProof(c, ports.proofs)
  if (!proof.ok) return fail({ reason: 'proof_refused', ...proof })
  const named = request.value.dpop_jkt
  const proved = proof.value?.jkt ?? null
  if (named !== null && proved !== null && named !== proved) return fail({ reason: 'keys_contradictory' })
  return ok({ parameters: toStored(request.value.effective), dpop_jkt: named ?? proved })
}

/** All users of a public client share its `client_id`, so that those are told apart by address. */
function subjectOf(client: Client, c: HttpContext) {
  const address = isConfidential(client) ? '' : c.var.facts.address
  return { kind: 'pushed_request', client_id: client.client_id, address } as const
}

function refuse(c: HttpContext, failure: PushFailure): Response {
  const cause = 'failure' in failure ? failure.failure.reason : ''
  log('info', 'push_refused', { reason: failure.reason, cause, request_id: c.var.facts.request_id })
  return oauthError(toOAuthError(failure))
}

/** @see RFC 9126 §2.3 */
function toOAuthError(failure: PushFailure): OAuthError {
  switch (failure.reason) {
    case 'client_unauthenticated':
      return clientAuthenticationError(failure.failure)
    case 'request_refused': {
      const { error, sentence } = errorOfPush(failure.failure)
      return { error, error_description: sentence }
    }
    case 'proof_refused':
      return proofError(failure.failure)
    case 'keys_contradictory':
      return { error: 'invalid_dpop_proof', error_description: 'dpop_jkt is not the key of the DPoP proof' }
    case 'limit_reached':
      return slowDown(failure.retryAfterSeconds, failure.rate)
    case 'limiter_unavailable':
    case 'storage_unavailable':
      return unavailable
  }
}
