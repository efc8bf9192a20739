import { Hono } from 'hono'

import { claimsForScope, type Account } from '../accounts/account.ts'
import type { HttpContext, HttpEnv } from '../http/context.ts'
import { openToAllOrigins } from '../http/cross-origin.ts'
import { oauthError } from '../http/oauth-error.ts'
import { serve } from '../http/serve.ts'
import type { Result } from '../platform/result.ts'
import { Secret } from '../platform/secret.ts'
import type { AccessTokenClaims } from '../signing/access-token.ts'
import {
  bearerOAuthError,
  requireBearer,
  verifyBearer,
  type BearerFailure,
  type BearerPorts,
} from '../signing/bearer.ts'
import { readUserinfo, readUserinfoByForm } from './userinfo.contract.ts'

export interface UserinfoPorts {
  readonly bearer: BearerPorts
  readonly accounts: { findById(account_id: string): Promise<Account | undefined> }
}

const SCOPE = 'openid'

export function userinfoRoutes(ports: UserinfoPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.use(readUserinfo.path, openToAllOrigins(['GET', 'POST']))
  serve(app, readUserinfo, async (_, c) => answer(c, await requireBearer(c, ports.bearer, SCOPE), ports))
  serve(app, readUserinfoByForm, async ({ body }, c) => {
    if (body.access_token === undefined) {
      return answer(c, await requireBearer(c, ports.bearer, SCOPE), ports)
    }
    // Two credentials could name two people, and a log would show the one that did not count.
    if (c.req.header('authorization') !== undefined) return refuseSeveral()
    const token = new Secret(body.access_token)
    return answer(c, await verifyBearer(token, c.var.facts, ports.bearer, SCOPE), ports)
  })
  return app
}

async function answer(
  c: HttpContext,
  bearer: Result<AccessTokenClaims, BearerFailure>,
  { accounts }: UserinfoPorts,
): Promise<Response> {
  if (!bearer.ok) return bearerOAuthError(c, bearer.failure)
  const account = await accounts.findById(bearer.value.sub)
  if (account === undefined) return bearerOAuthError(c, { reason: 'token_revoked' })
  return Response.json(claimsForScope(account, bearer.value.scope.split(' ')), {
    headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
  })
}

/** @see RFC 6750 §2 (MUST NOT use more than one method) */
function refuseSeveral(): Response {
  return oauthError({
    error: 'invalid_request',
    error_description: 'send the token in the Authorization header or in the body, not in both',
  })
}
