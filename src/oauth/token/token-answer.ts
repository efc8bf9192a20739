import { acrOf } from '../../accounts/acr.ts'
import type { Client } from '../../clients/client.ts'
import { formatScope } from '../../grants/scope.ts'
import { accessTokenTtlSeconds, idTokenTtlSeconds } from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { randomId, type Random } from '../../platform/random.ts'
import { issueAccessToken } from '../../signing/access-token.ts'
import { issueIdToken } from '../../signing/id-token.ts'
import type { KeyRing } from '../../signing/key-ring.ts'
import type { Entitlement } from './entitlement.ts'
import type { TokenAnswer } from './token.contract.ts'

export interface IssuePorts {
  readonly issuer: string
  readonly keyRing: Pick<KeyRing, 'sign' | 'canSign'>
  readonly random: Random
}

type IdTokenAlg = Client['metadata']['id_token_signed_response_alg']

/**
 * Makes the tokens that an entitlement is good for. It is the one place that signs them, so that no way to a
 * token goes past what an entitlement says.
 *
 * @see RFC 6749 §5.1 (answer)
 * @see RFC 9068 §2.2 (access token)
 * @see OpenID Connect Core 1.0 §3.1.3.3, §12.2 (ID token with a code, and after a refresh)
 */
export async function issueTokens(
  entitlement: Entitlement,
  idTokenAlg: IdTokenAlg,
  ports: IssuePorts,
  nowMs: number,
): Promise<TokenAnswer> {
  const { scope, refresh_token } = entitlement
  const iat = epochSeconds(nowMs)
  const exp = Math.min(iat + accessTokenTtlSeconds, entitlement.ends_at ?? Infinity)
  const access_token = await issueAccessToken(
    ports.keyRing,
    accessClaims(entitlement, { iat, exp }, ports),
    nowMs,
  )
  const id_token = scope.includes('openid')
    ? await signIdToken(entitlement, { alg: idTokenAlg, access_token }, ports, nowMs)
    : undefined
  return {
    access_token,
    token_type: entitlement.dpop_jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: exp - iat,
    scope: formatScope(scope),
    ...(refresh_token && { refresh_token: refresh_token.reveal() }),
    ...(id_token !== undefined && { id_token }),
  }
}

function accessClaims(
  entitlement: Entitlement,
  times: { readonly iat: number; readonly exp: number },
  { issuer, random }: IssuePorts,
) {
  const { client_id, sub, scope, audience, grant_id, dpop_jkt, authentication } = entitlement
  return {
    iss: issuer,
    sub,
    aud: audienceOf(audience, issuer),
    ...times,
    jti: randomId(random),
    client_id,
    scope: formatScope(scope),
    ...(grant_id !== undefined && { grant_id }),
    ...(authentication && {
      auth_time: authentication.auth_time,
      acr: acrOf(authentication.amr),
      sid: authentication.sid,
    }),
    ...(dpop_jkt !== undefined && { cnf: { jkt: dpop_jkt } }),
  }
}

/** One resource is named alone, as most verifiers expect (RFC 9068 §3, RFC 7519 §4.1.3). */
function audienceOf(audience: readonly string[], issuer: string): string | readonly string[] {
  const [first = issuer, ...others] = audience
  return others.length === 0 ? first : audience
}

/** There is none without a person: a client that authenticates for itself has nobody to tell about. */
async function signIdToken(
  { client_id, sub, authentication }: Entitlement,
  request: { readonly alg: IdTokenAlg; readonly access_token: string },
  { issuer, keyRing }: IssuePorts,
  nowMs: number,
): Promise<string | undefined> {
  if (authentication === undefined) return undefined
  const iat = epochSeconds(nowMs)
  const claims = {
    iss: issuer,
    sub,
    aud: client_id,
    exp: iat + idTokenTtlSeconds,
    iat,
    acr: acrOf(authentication.amr),
    amr: authentication.amr,
    auth_time: authentication.auth_time,
    sid: authentication.sid,
    nonce: authentication.nonce,
  }
  return issueIdToken(keyRing, { ...request, claims }, nowMs)
}
