import { Hono } from 'hono'

import {
  authenticateClient,
  clientAuthenticationError,
  type AuthenticationPorts,
  type ClientAuthenticationFailure,
} from '../clients/authentication.ts'
import { isConfidential, type Client } from '../clients/client.ts'
import { challenge } from '../http/challenge.ts'
import type { HttpContext, HttpEnv } from '../http/context.ts'
import { oauthError, type OAuthError } from '../http/oauth-error.ts'
import { serve } from '../http/serve.ts'
import { epochSeconds } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { Secret } from '../platform/secret.ts'
import type { KeyRing } from '../signing/key-ring.ts'
import { introspectToken, type Introspection } from './introspection.contract.ts'
import { introspect, type IntrospectionPorts } from './introspection.ts'
import { presentedClient } from './presented-client.ts'
import type { StorageFailure } from './storage.ts'
import { unavailable } from './unavailable.ts'

export interface IntrospectionRoutePorts extends IntrospectionPorts {
  readonly authentication: AuthenticationPorts
  readonly keyRing: Pick<KeyRing, 'sign' | 'canSign'>
}

type IntrospectionFailure =
  | { readonly reason: 'client_unauthenticated'; readonly failure: ClientAuthenticationFailure }
  | StorageFailure
  | { readonly reason: 'client_public' }
  | { readonly reason: 'token_missing' }

export function introspectionRoutes(ports: IntrospectionRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, introspectToken, async ({ body }, c) => {
    const { facts } = c.var
    const client = await authenticateClient(presentedClient(c, body), ports.authentication, facts.now)
    if (!client.ok) return refuse(c, { reason: 'client_unauthenticated', failure: client.failure })
    if (!isConfidential(client.value)) return refuse(c, { reason: 'client_public' })
    if (body.token === undefined) return refuse(c, { reason: 'token_missing' })
    const inquiry = {
      token: new Secret(body.token),
      client: client.value,
      isStrict: body.strict === 'true',
    }
    const found = await introspect(inquiry, ports, facts)
    if (!found.ok) return refuse(c, found.failure)
    return wantsSigned(c.req.header('accept'))
      ? answerSigned(c, found.value, client.value, ports)
      : Response.json(found.value, { headers: NO_STORE })
  })
  return app
}

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' } as const
const SIGNED_TYPE = 'token-introspection+jwt'

/** Whether the caller asks for the signed form by its media type (RFC 9701 §4). */
function wantsSigned(accept = ''): boolean {
  return accept
    .toLowerCase()
    .split(',')
    .some((range) => range.split(';', 1)[0]?.trim() === `application/${SIGNED_TYPE}`)
}

/**
 * The answer as a JWT that its recipient can keep as evidence.
 *
 * Claims of the token stay inside `token_introspection`: at the top they would make an access token of it (RFC 9701 §5, §8.1).
 */
async function answerSigned(
  c: HttpContext,
  token_introspection: Introspection,
  client: Client,
  { keyRing, bearer }: IntrospectionRoutePorts,
): Promise<Response> {
  const { now: nowMs } = c.var.facts
  const alg = client.metadata.introspection_signed_response_alg
  if (!(await keyRing.canSign(alg, nowMs))) return refuse(c, { reason: 'storage_unavailable' })
  const claims = {
    iss: bearer.issuer,
    aud: client.client_id,
    iat: epochSeconds(nowMs),
    token_introspection,
  }
  const jwt = await keyRing.sign(alg, SIGNED_TYPE, claims, nowMs)
  return new Response(jwt, { headers: { ...NO_STORE, 'content-type': `application/${SIGNED_TYPE}` } })
}

function refuse(c: HttpContext, failure: IntrospectionFailure): Response {
  const cause = 'failure' in failure ? failure.failure.reason : undefined
  log('info', 'introspection_refused', {
    reason: failure.reason,
    cause,
    request_id: c.var.facts.request_id,
  })
  return oauthError(toOAuthError(failure))
}

const askToAuthenticate: OAuthError = {
  error: 'invalid_client',
  error_description:
    'authenticate as a confidential client: send client_id and client_secret by HTTP Basic or in the form body, or client_assertion',
  headers: { 'www-authenticate': challenge('Basic', { realm: 'gatewright' }) },
}

/**
 * Somebody who did not authenticate, or only named a public client, is told how to. Without authentication the
 * endpoint would let anyone try out tokens (RFC 7662 §2.1, §4).
 */
function toOAuthError(failure: IntrospectionFailure): OAuthError {
  switch (failure.reason) {
    case 'client_unauthenticated':
      return failure.failure.reason === 'client_missing'
        ? askToAuthenticate
        : clientAuthenticationError(failure.failure)
    case 'client_public':
      return askToAuthenticate
    case 'token_missing':
      return { error: 'invalid_request', error_description: 'the parameter token is missing' }
    case 'storage_unavailable':
      return unavailable
  }
}
