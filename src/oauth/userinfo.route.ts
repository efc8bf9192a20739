import { Hono } from 'hono'

import type { Account } from '../accounts/account.ts'
import type { Client } from '../clients/client.ts'
import { claimNamesFor, claimsNamed, personClaimNames } from '../accounts/person-claims.ts'
import type { HttpContext, HttpEnv } from '../http/context.ts'
import { openToAllOrigins } from '../http/cross-origin.ts'
import { oauthError } from '../http/oauth-error.ts'
import { serve } from '../http/serve.ts'
import type { Result } from '../platform/result.ts'
import { Secret } from '../platform/secret.ts'
import type { AccessTokenClaims } from '../signing/access-token.ts'
import type { BearerFailure } from '../signing/bearer-failure.ts'
import { bearerOAuthError, requireBearer, verifyBearer, type BearerPorts } from '../signing/bearer.ts'
import type { KeyRing } from '../signing/key-ring.ts'
import { accountOf } from './token-account.ts'
import { unavailable } from './unavailable.ts'
import { readUserinfo, readUserinfoByForm } from './userinfo.contract.ts'

export interface UserinfoPorts {
  readonly bearer: BearerPorts
  readonly keyRing: Pick<KeyRing, 'sign' | 'canSign'>
  readonly findClient: (client_id: string, nowMs: number) => Promise<Client | undefined>
  readonly accountSeal: Uint8Array
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
    return answer(c, await verifyBearer(c, token, ports.bearer, SCOPE), ports)
  })
  return app
}

async function answer(
  c: HttpContext,
  bearer: Result<AccessTokenClaims, BearerFailure>,
  ports: UserinfoPorts,
): Promise<Response> {
  if (!bearer.ok) return bearerOAuthError(c, bearer.failure)
  const nowMs = c.var.facts.now
  const account_id = await accountOf(bearer.value, ports.accountSeal)
  const account = account_id === undefined ? undefined : await ports.accounts.findById(account_id)
  const client = await ports.findClient(bearer.value.client_id, nowMs)
  // A token outlives neither the person nor the client that it was for.
  if (account === undefined || client === undefined) {
    return bearerOAuthError(c, { reason: 'token_revoked' })
  }
  const claims = userinfo(bearer.value, account)
  const alg = client.metadata.userinfo_signed_response_alg
  if (alg === undefined) return Response.json(claims, { headers: NO_STORE })
  if (!(await ports.keyRing.canSign(alg, nowMs))) return oauthError(unavailable)
  const signed = { ...claims, iss: ports.bearer.issuer, aud: client.client_id }
  const jwt = await ports.keyRing.sign(alg, 'JWT', signed, nowMs)
  return new Response(jwt, { headers: { ...NO_STORE, 'content-type': 'application/jwt' } })
}

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' } as const

/** The subject as its client knows it, and what scope and `claims` parameter open (OpenID Connect Core §5.3.2). */
function userinfo({ sub, scope, userinfo_claims = [] }: AccessTokenClaims, account: Account) {
  const opened = claimNamesFor(scope.split(' '))
  const names = personClaimNames.filter((name) => opened.includes(name) || userinfo_claims.includes(name))
  return { sub, ...claimsNamed(account, names) }
}

/** @see RFC 6750 §2 (MUST NOT use more than one method) */
function refuseSeveral(): Response {
  return oauthError({
    error: 'invalid_request',
    error_description: 'send the token in the Authorization header or in the body, not in both',
  })
}
