import { Hono } from 'hono'

import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { openToAllOrigins } from '../../http/cross-origin.ts'
import { oauthError } from '../../http/oauth-error.ts'
import { rateHeaders } from '../../http/rate-headers.ts'
import { serve } from '../../http/serve.ts'
import { log } from '../../platform/log.ts'
import { readProof, type ProofPorts } from '../../signing/dpop-proof.ts'
import { presentedClient } from '../presented-client.ts'
import { apiKeyGrantType, exchangeApiKey, type ApiKeyExchangePorts } from './api-key-exchange.ts'
import { exchangeForToken, requestToken, type TokenParameters } from './token.contract.ts'
import { toOAuthError } from './token-failure.ts'
import { grantTokens, type TokenOutcome, type TokenPorts } from './token-request.ts'

export type TokenRoutePorts = TokenPorts & ApiKeyExchangePorts & { readonly proofs: ProofPorts }

export function tokenRoutes(ports: TokenRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.use(requestToken.path, openToAllOrigins(['POST']))
  app.use(exchangeForToken.path, openToAllOrigins(['POST']))
  serve(app, requestToken, async ({ body }, c) =>
    toResponse(c, await grantTokens(arrivalOf(c, body, ports), ports)),
  )
  serve(app, exchangeForToken, async ({ body }, c) => {
    const isApiKey = body.grant_type === apiKeyGrantType
    const outcome = isApiKey
      ? exchangeApiKey(arrivalOf(c, body, ports), ports)
      : grantTokens(arrivalOf(c, body, ports), ports)
    return toResponse(c, await outcome)
  })
  return app
}

function arrivalOf<P extends TokenParameters>(c: HttpContext, parameters: P, { proofs }: TokenRoutePorts) {
  return {
    parameters,
    presented: presentedClient(c, parameters),
    readProof: () => readProof(c, proofs),
    facts: c.var.facts,
  }
}

function toResponse(c: HttpContext, { result, rate }: TokenOutcome): Response {
  const headers = rate === undefined ? {} : rateHeaders(rate)
  if (result.ok) {
    return Response.json(result.value, {
      headers: { 'cache-control': 'no-store', pragma: 'no-cache', ...headers },
    })
  }
  log('info', 'token_refused', { ...tagsOf(result.failure), request_id: c.var.facts.request_id })
  const error = toOAuthError(result.failure)
  return oauthError({ ...error, headers: { ...headers, ...error.headers } })
}

/** What the wire does not tell is told here, or an operator could not help a developer who asks why. */
function tagsOf(failure: Extract<TokenOutcome['result'], { ok: false }>['failure']) {
  return 'failure' in failure
    ? { reason: failure.reason, cause: failure.failure.reason }
    : { reason: failure.reason }
}
